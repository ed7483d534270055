//! Locks that a failed request does not close for good.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Opens a lock, also where a holder has panicked: a failed request must not take the simulator with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
