//! The other kinds of work, each a step told by words.

use crate::stage::{Stage, program, run};

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_makes_what_it_is_for() {
    let stage = Stage::fast().await;
    let picture = stage.picture("in.png");
    let sound = stage.write("in.wav", b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0");
    for (args, made) in [
        (&["video", "waves", "--image", &picture][..], "out/waves-1."),
        (
            &[
                "video",
                "waves",
                "--engine",
                "wan",
                "--set",
                "version=v2.2-5b",
                "--duration",
                "5",
            ],
            "out/waves-1",
        ),
        (&["upscale", &picture, "--repeats", "2"], "out/large-1."),
        (
            &[
                "audio",
                "a slow waltz",
                "--duration",
                "30",
                "--lyrics",
                "la",
            ],
            "out/a-slow-waltz-1.",
        ),
        (
            &["speak", "Good morning.", "--voice", "Ryan"],
            "out/good-morning-1.",
        ),
        (&["transcribe", &sound], ""),
        (
            &[
                "chat",
                "Why is fog grey?",
                "--model",
                "any/model",
                "--system",
                "Be short.",
            ],
            "",
        ),
        (&["step", "echo", "--set", "message=7"], "7"),
        (
            &[
                "step",
                "imageScanning",
                "--set",
                &format!("image=@{picture}"),
            ],
            "",
        ),
    ] {
        let ran = stage.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {ran:?}");
        assert!(ran.stdout.starts_with(made), "{args:?}: {ran:?}");
        assert!(!ran.stdout.trim().is_empty(), "{args:?}: {ran:?}");
    }
}

#[test]
fn what_a_kind_does_not_take_is_told() {
    let dir = tempfile::tempdir().unwrap();
    for (args, part) in [
        (&["video", "waves", "--engine", "klingon"][..], "kling"),
        (&["video", "waves", "--set", "lenght=5"], "lenght"),
        (&["upscale", "missing.png"], "missing.png"),
        (
            &["upscale", "https://example.com/a.png", "--repeats", "99"],
            "numberOfRepeats",
        ),
        (&["audio", "waltz", "--set", "bpm=fast"], "bpm"),
        (&["speak", "Hello", "--set", "engine=parrot"], "engine"),
        (&["transcribe", "missing.wav"], "missing.wav"),
        (&["chat", "Why?"], "--model"),
        (&["train", "--set", "lr=fast"], "ecosystem"),
        (&["step", "ecco"], "did you mean `echo`"),
        (&["step", "echo"], "message"),
    ] {
        let ran = run(program(dir.path(), args));
        assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
        assert!(ran.error().contains(part), "{args:?}: {ran:?}");
    }
}
