//! Every order in which things can come.

/// Every order of `items`: events arrive in any of them, and must end the same.
pub fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in items.iter().enumerate() {
        let mut rest = items.to_vec();
        rest.remove(index);
        for mut order in permutations(&rest) {
            order.insert(0, first.clone());
            all.push(order);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_things_come_in_six_orders() {
        let mut orders = permutations(&[1, 2, 3]);
        orders.sort_unstable();
        orders.dedup();
        assert_eq!(orders.len(), 6);
        assert_eq!(permutations::<u8>(&[]), [Vec::<u8>::new()]);
    }
}
