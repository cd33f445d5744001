//! Turning the tree into bytes that Prometheus loads.
