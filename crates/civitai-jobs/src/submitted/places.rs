//! Where the files of each step type stand in its output, and of what kind they are.
//!
//! A blob says its kind only where its place takes any kind, so that the place has to tell. The
//! table holds for step types too whose types this build leaves out.

use serde_json::Value;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FileKind {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// A three-dimensional object.
    Model3d,
    /// The weights of a trained model.
    Model,
    /// Several files in one.
    Archive,
    /// Anything else, or not said.
    Other,
}

/// A member of an output that holds files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The way to it, such as `epochs[].samples[]`.
    pub(super) path: &'static str,
    pub(super) holds: Holds,
}

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A blob of this kind.
    Blob(FileKind),
    /// A blob that says its kind itself.
    AnyBlob,
    /// A link to a file of this kind, without a blob around it.
    Link(FileKind),
}

const fn blob(path: &'static str, kind: FileKind) -> Place {
    let holds = Holds::Blob(kind);
    Place { path, holds }
}

const fn any(path: &'static str) -> Place {
    let holds = Holds::AnyBlob;
    Place { path, holds }
}

const fn link(path: &'static str, kind: FileKind) -> Place {
    let holds = Holds::Link(kind);
    Place { path, holds }
}

/// The places of each step type, in the order in which its files are told.
pub(super) const PLACES: &[(&str, &[Place])] = &[
    ("aceStepAudio", &[any("blob")]),
    ("blobArchive", &[link("url", FileKind::Archive)]),
    (
        "chatCompletion",
        &[link(
            "choices[].message.images[].image_url.url",
            FileKind::Image,
        )],
    ),
    ("comfy", &[any("blobs[]")]),
    (
        "comfyNodepackSnapshot",
        &[
            any("results[].layer"),
            any("results[].objectInfo"),
            any("results[].web"),
        ],
    ),
    (
        "composeMedia",
        &[
            blob("audioBlob", FileKind::Audio),
            blob("videoBlob", FileKind::Video),
        ],
    ),
    ("convertImage", &[blob("blob", FileKind::Image)]),
    (
        "customComfy",
        &[
            any("blobs[]"),
            any("tempBlobs[]"),
            link("traceUrl", FileKind::Other),
        ],
    ),
    ("imageBackgroundRemoval", &[blob("image", FileKind::Image)]),
    ("imageGen", &[blob("images[]", FileKind::Image)]),
    (
        "imageResourceTraining",
        &[
            link("epochs[].blobUrl", FileKind::Model),
            link("epochs[].sampleImages[]", FileKind::Image),
        ],
    ),
    ("imageToSvg", &[any("svg")]),
    ("imageUpload", &[any("blob")]),
    ("imageUpscaler", &[blob("blob", FileKind::Image)]),
    ("model3DPreview", &[blob("images[]", FileKind::Image)]),
    (
        "polyGen",
        &[
            blob("model", FileKind::Model3d),
            blob("fbxModel", FileKind::Model3d),
            blob("thumbnail", FileKind::Image),
            blob("riggedModel", FileKind::Model3d),
            blob("riggedFbxModel", FileKind::Model3d),
            blob("animatedModel", FileKind::Model3d),
            blob("animatedFbxModel", FileKind::Model3d),
            blob("basicAnimations.walkingModel", FileKind::Model3d),
            blob("basicAnimations.walkingFbxModel", FileKind::Model3d),
            blob("basicAnimations.walkingArmatureModel", FileKind::Model3d),
            blob("basicAnimations.runningModel", FileKind::Model3d),
            blob("basicAnimations.runningFbxModel", FileKind::Model3d),
            blob("basicAnimations.runningArmatureModel", FileKind::Model3d),
        ],
    ),
    ("preprocessImage", &[blob("blob", FileKind::Image)]),
    ("textToImage", &[blob("images[]", FileKind::Image)]),
    ("textToSpeech", &[blob("audioBlob", FileKind::Audio)]),
    (
        "training",
        &[
            blob("epochs[].model", FileKind::Model),
            any("epochs[].samples[]"),
        ],
    ),
    ("transcode", &[link("url", FileKind::Video)]),
    ("videoBackgroundRemoval", &[blob("video", FileKind::Video)]),
    ("videoEnhancement", &[blob("video", FileKind::Video)]),
    ("videoFrameExtraction", &[blob("frames[]", FileKind::Image)]),
    (
        "videoGen",
        &[
            blob("video", FileKind::Video),
            blob("additionalVideos[]", FileKind::Video),
            any("draftCache"),
        ],
    ),
    ("videoInterpolation", &[blob("video", FileKind::Video)]),
    ("videoUpscaler", &[blob("video", FileKind::Video)]),
];

/// Where the words stand that a step type is asked for, in its output.
pub(super) const TEXTS: &[(&str, &[&str])] = &[
    ("audioCaptioning", &["results{}.caption"]),
    ("chatCompletion", &["choices[].message.content"]),
    ("echo", &["message"]),
    ("mediaCaptioning", &["caption"]),
    (
        "promptEnhancement",
        &["enhancedPrompt", "enhancedNegativePrompt"],
    ),
    ("transcription", &["text"]),
];

/// Calls `found` with everything that stands at a path, and the way there with its numbers and keys:
/// `[]` stands for each item of a list, `{}` for each value of a map.
pub(super) fn each<'a>(
    output: &'a Value,
    path: &str,
    at: &str,
    found: &mut dyn FnMut(&'a Value, String),
) {
    let (member, rest) = path.split_once('.').unwrap_or((path, ""));
    let name = member.trim_end_matches(['[', ']', '{', '}']);
    let many = &member[name.len()..];
    let Some(value) = output.get(name).filter(|value| !value.is_null()) else {
        return;
    };
    let here = match at {
        "" => name.to_owned(),
        _ => format!("{at}.{name}"),
    };
    let mut go_on = |value: &'a Value, here: String| match rest {
        "" => found(value, here),
        _ => each(value, rest, &here, found),
    };
    match (many, value) {
        ("", value) => go_on(value, here),
        ("[]", Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                go_on(item, format!("{here}[{index}]"));
            }
        }
        ("{}", Value::Object(values)) => {
            for (key, value) in values {
                go_on(value, format!("{here}.{key}"));
            }
        }
        _ => {}
    }
}
