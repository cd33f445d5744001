//! How deliveries move from state to state.
