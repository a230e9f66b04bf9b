//! The ways to pay that the checkout page offers, with the provider's words for them.

/// One way to pay.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// The provider's `payment_channel`; also what `method` names when paying.
    pub code: &'static str,
    /// The provider's `payment_method`.
    pub method: &'static str,
    /// What the button says.
    pub label: &'static str,
    /// The most it takes at once, in whole rupiah.
    pub limit_rupiah: Option<u64>,
}

const fn bank(code: &'static str, label: &'static str) -> Channel {
    Channel { code, method: "BANK_TRANSFER", label, limit_rupiah: None }
}

const fn wallet(code: &'static str, label: &'static str) -> Channel {
    Channel { code, method: "EWALLET", label, limit_rupiah: Some(20_000_000) }
}

/// Every way to pay. QRIS and wallets stop at 20 million rupiah, as the real ones do.
pub static CHANNELS: &[Channel] = &[
    bank("BCA", "BCA Virtual Account"),
    bank("BNI", "BNI Virtual Account"),
    bank("BRI", "BRI Virtual Account"),
    bank("MANDIRI", "Mandiri Virtual Account"),
    Channel { code: "QRIS", method: "QR_CODE", label: "QRIS", limit_rupiah: Some(20_000_000) },
    wallet("GOPAY", "GoPay"),
    wallet("OVO", "OVO"),
    wallet("DANA", "DANA"),
    wallet("SHOPEEPAY", "ShopeePay"),
    Channel {
        code: "ALFAMART",
        method: "RETAIL_OUTLET",
        label: "Alfamart",
        limit_rupiah: Some(5_000_000),
    },
    Channel {
        code: "CREDIT_CARD",
        method: "CREDIT_CARD",
        label: "Kartu kredit",
        limit_rupiah: None,
    },
];

/// The channel named `code` in any case; a BCA virtual account when none is named.
pub(crate) fn find(code: Option<&str>) -> Option<&'static Channel> {
    let code = code.map(str::trim).filter(|code| !code.is_empty()).unwrap_or("BCA");
    CHANNELS.iter().find(|channel| channel.code.eq_ignore_ascii_case(code))
}

impl Channel {
    /// Whether it takes `amount` rupiah at once.
    pub fn takes(&self, amount: u64) -> bool {
        self.limit_rupiah.is_none_or(|limit| amount <= limit)
    }
}

/// A number to pay to, the same for the same invoice.
pub(crate) fn destination(invoice_id: &str) -> String {
    let digits: String = invoice_id
        .chars()
        .rev()
        .filter_map(|digit| digit.to_digit(16))
        .map(|digit| char::from_digit(digit % 10, 10).unwrap_or('0'))
        .take(11)
        .collect();
    format!("88608{digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_a_bca_virtual_account() {
        assert_eq!(find(None).unwrap().code, "BCA");
        assert_eq!(find(Some(" ")).unwrap().code, "BCA");
        assert_eq!(find(Some("qris")).unwrap().method, "QR_CODE");
        assert!(find(Some("BARTER")).is_none());
    }

    #[test]
    fn qris_stops_at_twenty_million() {
        let qris = find(Some("QRIS")).unwrap();
        assert!(qris.takes(20_000_000) && !qris.takes(20_000_001));
    }
}
