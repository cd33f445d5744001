//! What the tests share: the golden answers of the original, and how ours are compared with them.

pub mod golden;
