//! The tree document.
