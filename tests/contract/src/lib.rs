//! Holds no code: the golden events stand in `golden/`, what is asked of them in `tests/contract.rs`.
