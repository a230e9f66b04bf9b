//! What a provider's failure means to us: whose fault it is and whether trying again can help.

use reqwest::StatusCode;
use thiserror::Error;

/// Who has to do something about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The provider, or the way to it.
    Theirs,
    /// We: a wrong key, a request they refuse.
    Ours,
}

/// A call to the provider that did not give an answer we can use.
#[derive(Debug, Error)]
pub(crate) enum ProviderError {
    /// Not reached, or no whole answer in time. Whether they acted is unknown.
    #[error("the payment provider did not answer")]
    Unreachable(#[source] reqwest::Error),
    /// They answered that it did not work.
    #[error("the payment provider answered {status} ({code})")]
    Answered {
        /// The HTTP status.
        status: StatusCode,
        /// Their error code, or an empty text.
        code: String,
    },
    /// They do not know the thing.
    #[error("the payment provider knows no such invoice")]
    NotFound,
    /// Its keys are not set, or it does no such thing.
    #[error("the payment provider is not set up for that")]
    NotSetUp,
    /// An answer that cannot be read.
    #[error("the payment provider's answer cannot be read: {0}")]
    Unreadable(String),
}

impl ProviderError {
    /// Whether the same call can succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            // Keys that are missing are set by a person, and then all goes on.
            ProviderError::Unreachable(_)
            | ProviderError::Unreadable(_)
            | ProviderError::NotSetUp => true,
            ProviderError::Answered { status, .. } => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::REQUEST_TIMEOUT
                            | StatusCode::TOO_MANY_REQUESTS
                            // A wrong key is corrected by a person, and then all goes on.
                            | StatusCode::UNAUTHORIZED
                            | StatusCode::FORBIDDEN
                    )
            }
            ProviderError::NotFound => false,
        }
    }

    /// Whether a refund was refused for good: nothing was paid, and asking again would not help.
    /// A call whose outcome is not known never counts as refused.
    pub(crate) fn refuses_refund(&self) -> bool {
        match self {
            ProviderError::Answered { status, code } => {
                // Xendit says with 403 what its channels do not do; a missing right has other codes.
                let unsupported = *status == StatusCode::FORBIDDEN && code.starts_with("REFUND_");
                unsupported || !self.is_retryable()
            }
            ProviderError::NotFound => true,
            ProviderError::Unreachable(_)
            | ProviderError::NotSetUp
            | ProviderError::Unreadable(_) => false,
        }
    }

    /// Who has to act.
    pub(crate) fn fault(&self) -> Fault {
        match self {
            ProviderError::Unreachable(_) | ProviderError::Unreadable(_) => Fault::Theirs,
            ProviderError::Answered { status, .. } => {
                let theirs = status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS;
                if theirs { Fault::Theirs } else { Fault::Ours }
            }
            ProviderError::NotFound | ProviderError::NotSetUp => Fault::Ours,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: StatusCode) -> ProviderError {
        ProviderError::Answered { status, code: String::new() }
    }

    #[test]
    fn their_trouble_is_retried_and_theirs() {
        for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::TOO_MANY_REQUESTS] {
            assert!(answered(status).is_retryable());
            assert_eq!(answered(status).fault(), Fault::Theirs);
        }
    }

    #[test]
    fn a_refused_request_is_given_up_and_ours() {
        assert!(!answered(StatusCode::BAD_REQUEST).is_retryable());
        assert_eq!(answered(StatusCode::BAD_REQUEST).fault(), Fault::Ours);
    }

    #[test]
    fn a_wrong_key_is_ours_but_worth_waiting_for() {
        assert!(answered(StatusCode::UNAUTHORIZED).is_retryable());
        assert_eq!(answered(StatusCode::UNAUTHORIZED).fault(), Fault::Ours);
    }
}
