//! Who orders: one record per normalised contact.

use konveksi_kernel::CustomerId;

use super::contact::Contact;
use super::order::Origin;

/// One customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Customer {
    /// Its id.
    pub(crate) id: CustomerId,
    /// Rises with every change that is told.
    pub(crate) version: i64,
    /// What they call themselves.
    pub(crate) name: String,
    /// `628…`; absent when unknown.
    pub(crate) phone: Option<String>,
    /// Lower case; absent when unknown.
    pub(crate) email: Option<String>,
}

impl Customer {
    /// A new customer, known by this contact.
    pub(crate) fn new(id: CustomerId, name: &str, contact: &Contact) -> Customer {
        let (phone, email) = match contact {
            Contact::Phone(phone) => (Some(phone.clone()), None),
            Contact::Email(email) => (None, Some(email.clone())),
        };
        Customer { id, version: 1, name: name.to_owned(), phone, email }
    }

    /// Takes the name given with an order; answers whether it changed. Only staff rename: anyone
    /// can type somebody else's number into the public form.
    pub(crate) fn rename(&mut self, name: &str, origin: Origin) -> bool {
        let renamed = origin == Origin::Admin && self.name != name;
        if renamed {
            name.clone_into(&mut self.name);
            self.version += 1;
        }
        renamed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use konveksi_kernel::SystemClock;

    #[test]
    fn only_staff_rename_a_known_customer() {
        let contact = Contact::parse("081234567890").unwrap();
        let mut customer = Customer::new(CustomerId::generate(&SystemClock), "Budi", &contact);
        assert!(!customer.rename("Penipu", Origin::Public));
        assert!(!customer.rename("Budi", Origin::Admin));
        assert!(customer.rename("Budi Santoso", Origin::Admin));
        assert_eq!((customer.name.as_str(), customer.version), ("Budi Santoso", 2));
    }
}
