//! Runs that end well.

use std::io::BufReader;
use std::path::Path;
use std::process::Stdio;

use crate::stage::{Stage, program, run};

fn decoded(path: &Path) -> (u32, u32) {
    let file = BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    (frame.width, frame.height)
}

#[test]
fn two_pictures_without_an_account() {
    let dir = tempfile::tempdir().unwrap();
    let args = [
        "generate",
        "A lighthouse in fog",
        "--local",
        "--quantity",
        "2",
        "--out",
        "pics",
    ];
    let ran = run(program(dir.path(), &args));
    assert_eq!(ran.code, 0, "{ran:?}");
    let paths = ran.paths();
    assert_eq!(paths.len(), 2);
    for path in paths {
        assert!(path.starts_with("pics"));
        assert_eq!(decoded(&dir.path().join(path)), (512, 512));
    }
    assert!(ran.stderr.lines().count() >= 2, "{ran:?}");
}

/// A folder may be called anything; what is printed must lead there.
#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_is_printed_as_it_is() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let dir = tempfile::tempdir().unwrap();
    let args = ["generate", "fog", "--local", "--size", "64x64", "--out"];
    let mut command = program(dir.path(), &args);
    let output = command.arg(OsStr::from_bytes(b"pics\xff")).output();
    let output = output.unwrap();
    let path = OsStr::from_bytes(output.stdout.trim_ascii_end());
    assert_eq!(decoded(&dir.path().join(path)), (64, 64), "{output:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_option_reaches_the_picture() {
    let stage = Stage::fast().await;
    let ran = stage.run(&[
        "generate",
        "fog",
        "--api",
        "v1",
        "--model",
        "urn:air:sdxl:checkpoint:civitai:101055@128078",
        "--negative-prompt",
        "people",
        "--size",
        "128x64",
        "--steps",
        "10",
        "--cfg-scale",
        "7.5",
        "--seed",
        "41",
        "--scheduler",
        "eulera",
        "--clip-skip",
        "2",
        "--timeout",
        "1m",
        "--json",
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let report = ran.last();
    let file = &report["files"][0];
    assert_eq!(file["path"], "out/fog-41.png");
    assert_eq!((&file["width"], &file["height"]), (&128.into(), &64.into()));
    assert_eq!(file["seed"], 41);
    assert_eq!(file["blobId"].as_str().unwrap().len(), 64);
    assert!(report["cost"].as_f64().unwrap() > 0.0);
    let path = stage.dir.path().join("out/fog-41.png");
    assert_eq!(file["bytes"], std::fs::metadata(&path).unwrap().len());
    assert_eq!(decoded(&path), (128, 64));

    // The token picks the job up again, and the file that is there is not fetched again.
    let again = stage.run(&["resume", report["id"].as_str().unwrap()]);
    assert_eq!((again.code, again.paths().len()), (0, 1), "{again:?}");
    assert_eq!(stage.saved().len(), 1);
    let submissions = stage
        .sim
        .requests()
        .into_iter()
        .filter(|r| r.method == "POST");
    assert_eq!(submissions.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_is_no_trouble() {
    let stage = Stage::fast().await;
    let mut command = stage.program(&["generate", "fog", "--size", "64x64"]);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(stage.saved().len(), 1);
}

#[test]
fn help_lists_the_exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    for args in [
        &["--help"][..],
        &["generate", "--help"],
        &["resume", "--help"],
    ] {
        let ran = run(program(dir.path(), args));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout.contains("  130  interrupted"), "{}", ran.stdout);
        assert!(ran.stdout.contains("CIVITAI_API_TOKEN"));
    }
}
