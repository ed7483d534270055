//! TLS: a service whose certificate no authority of the system has signed.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::stage::{Stage, run};

/// Passes on what comes encrypted, until the test ends; returns its address and its certificate.
async fn encrypted(service: &str) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let service = service.trim_start_matches("http://").to_owned();
    tokio::spawn(async move {
        while let Ok((wire, _)) = listener.accept().await {
            let (acceptor, service) = (acceptor.clone(), service.clone());
            tokio::spawn(async move {
                // A client that does not believe the certificate hangs up.
                let mut wire = acceptor.accept(wire).await?;
                let mut service = TcpStream::connect(service).await?;
                copy_bidirectional(&mut wire, &mut service).await
            });
        }
    });
    (format!("https://localhost:{port}"), made.cert.pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_believed_where_it_is_named_and_nothing_is_sent_where_it_is_not() {
    let stage = Stage::fast().await;
    let (address, certificate) = encrypted(stage.sim.base_url()).await;
    let certificate = stage.write("service.pem", certificate.as_bytes());
    let generate = |named: Option<&str>| {
        let mut command = stage.program(&["generate", "fog", "--size", "64x64"]);
        command.env("CIVITAI_BASE_URL", &address);
        if let Some(file) = named {
            command.env("SSL_CERT_FILE", file);
        }
        run(command)
    };
    let ran = generate(None);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(ran.error().contains("certificate"), "{ran:?}");
    assert_eq!(stage.submissions(), 0);

    let ran = generate(Some(&certificate));
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    assert_eq!(stage.submissions(), 1);
}
