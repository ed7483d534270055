//! TLS by rustls and ring, with the certificates of the system.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

/// Returns how TLS is spoken; a `direct` connection to this machine can do without certificates of the system.
///
/// The provider is named here, so that neither what else a program has compiled in nor its default for the whole process
/// matters.
pub(crate) fn config(direct: bool) -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = || {
        ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
    };
    match builder()?.with_platform_verifier() {
        Ok(verified) => Ok(verified.with_no_client_auth()),
        Err(_) if direct => {
            let nobody = builder()?.with_root_certificates(RootCertStore::empty());
            Ok(nobody.with_no_client_auth())
        }
        Err(error) => Err(error),
    }
}
