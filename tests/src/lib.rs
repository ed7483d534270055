//! Contract tests across crates. The tests are in `tests/`; this library is empty on purpose.
