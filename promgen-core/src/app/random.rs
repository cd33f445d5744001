//! Randomness from the operating system, in one place.

use super::AppError;

/// Fills an array with random bytes.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], AppError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| AppError::Internal {
        message: format!("the operating system gives no random bytes: {error}"),
    })?;
    Ok(bytes)
}

/// A fresh lease token: 128 random bits in hexadecimal.
pub(super) fn lease_token() -> Result<String, AppError> {
    Ok(hex::encode(bytes::<16>()?))
}

/// A number from 0 up to (not including) 1, to spread retries.
pub(super) fn fraction() -> f64 {
    // Without randomness retries are merely less spread; that must not fail a delivery.
    let bytes = bytes::<4>().unwrap_or([128, 0, 0, 0]);
    f64::from(u32::from_be_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}
