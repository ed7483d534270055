//! Pictures drawn on a terminal: the sequence that arrives there carries the picture that was saved.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::stage::Stage;
use crate::terminal::typed_with;

const GENERATE: &[&str] = &["generate", "fog", "--size", "64x64", "--yes"];

/// What a terminal shows of a run that draws, and the bytes of the picture on disk.
async fn drawn(show: &str, settings: &[(&str, &str)]) -> (String, Vec<u8>) {
    let stage = Stage::fast().await;
    let (code, shown) = typed_with(&stage, "", &[GENERATE, &[show]].concat(), settings);
    assert_eq!(code, 0, "{shown}");
    let saved = stage.contents().into_values().next().unwrap();
    (shown, saved)
}

/// The bytes in the pieces of a picture for kitty.
fn of_kitty(shown: &str) -> Vec<u8> {
    let pieces = shown.split("\x1b_G").skip(1);
    let text: String = pieces
        .map(|piece| {
            let (piece, _) = piece.split_once("\x1b\\").unwrap();
            piece.split_once(';').unwrap().1
        })
        .collect();
    STANDARD.decode(text).unwrap()
}

fn of_iterm(shown: &str) -> Vec<u8> {
    let (_, file) = shown.split_once("\x1b]1337;File=").unwrap();
    let (file, _) = file.split_once('\x07').unwrap();
    STANDARD.decode(file.split_once(':').unwrap().1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_says_it_can_gets_the_picture_that_was_saved() {
    let (shown, saved) = drawn("--show", &[("TERM", "xterm-kitty")]).await;
    assert!(shown.contains("a=T,f=100"), "{shown}");
    assert!(of_kitty(&shown) == saved);
    let settings = [("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")];
    let (shown, saved) = drawn("--show", &settings).await;
    assert!(of_iterm(&shown) == saved);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixels_are_the_picture_in_fewer_colours() {
    let (shown, saved) = drawn("--show", &[("TERM", "foot")]).await;
    let begin = shown.find("\x1bP").unwrap();
    let end = begin + shown[begin..].find("\x1b\\").unwrap() + 2;
    let sixels = icy_sixel::SixelImage::decode(&shown.as_bytes()[begin..end]).unwrap();
    let picture = image::load_from_memory(&saved).unwrap();
    let size = (sixels.width as u32, sixels.height as u32);
    // They come in rows of six.
    assert_eq!(size, (400, 402));
    let picture = picture.thumbnail(400, 400).to_rgba8().into_raw();
    let apart = picture.iter().zip(&sixels.pixels);
    let apart: u64 = apart.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    let mean = apart as f64 / picture.len() as f64;
    assert!(mean < 16.0, "{mean}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_drawn_where_nobody_asks_for_it_or_nothing_can_draw() {
    let kitty = [("TERM", "xterm-kitty")];
    let stage = Stage::fast().await;
    let (code, shown) = typed_with(&stage, "", GENERATE, &kitty);
    assert!(code == 0 && !shown.contains("\x1b_G"), "{shown}");

    let (shown, _) = drawn("--show", &[("TERM", "xterm")]).await;
    assert!(
        shown.contains("the terminal is not known to draw pictures"),
        "{shown}"
    );

    // A file or a pipe gets no picture, unless its protocol is named.
    let mut command = stage.program(&[GENERATE, &["--show"]].concat());
    command.env("TERM", "xterm-kitty");
    let ran = crate::stage::run(command);
    assert!(ran.code == 0 && !ran.stderr.contains('\x1b'), "{ran:?}");
    let ran = stage.run(&[GENERATE, &["--show=kitty"]].concat());
    assert_eq!((ran.code, ran.paths().len()), (0, 1), "{ran:?}");
    let saved = std::fs::read(stage.dir.path().join(&ran.paths()[0])).unwrap();
    assert!(of_kitty(&ran.stderr) == saved);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_fetched_later_can_be_drawn_and_what_is_no_picture_is_said() {
    let stage = Stage::fast().await;
    let ran = stage.run(&[GENERATE, &["--json"]].concat());
    let id = ran.last()["id"].as_str().unwrap().to_owned();
    let ran = stage.run(&["get", &id, "--show=iterm"]);
    assert!(
        ran.code == 0 && ran.stderr.contains("\x1b]1337;"),
        "{ran:?}"
    );
    let name = stage.saved().pop().unwrap();
    let path = stage.dir.path().join("out").join(&name);
    let size = std::fs::metadata(&path).unwrap().len();
    std::fs::write(&path, vec![b'x'; usize::try_from(size).unwrap()]).unwrap();
    let ran = stage.run(&["get", &id, "--show=sixel"]);
    assert!(ran.stderr.contains("cannot be drawn: "), "{ran:?}");
}
