//! Workflows of the v2 API: what is asked for, step by step, before anything is sent.
//!
//! A [`WorkflowRequest`] is a value without ties to a client. Adding a [`Step`] gives a
//! [`StepHandle`], whose outputs fit the inputs of further steps:
//!
//! ```
//! use civitai_jobs::workflow::{Step, WorkflowRequest};
//! use civitai_jobs::Air;
//!
//! let model: Air = "urn:air:sd1:checkpoint:civitai:4384@128713".parse()?;
//! let mut request = WorkflowRequest::new().tag("lighthouse");
//! let hero = request.add(Step::text_to_image(model, "a lighthouse in fog").name("hero"));
//! let large = request.add(Step::upscale_image(hero.image(0)).repeats(2));
//! let cut = request.add(Step::remove_background(large.image()));
//!
//! assert_eq!(cut.name(), "imageBackgroundRemoval");
//! assert_eq!(request.to_template()?.steps.len(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What goes into a step and what comes out has a kind: an image where a text is wanted does not
//! compile.
//!
//! ```compile_fail,E0277
//! use civitai_jobs::workflow::{Step, WorkflowRequest};
//! # let model: civitai_jobs::Air = "urn:air:sd1:checkpoint:civitai:4384@128713".parse().unwrap();
//!
//! let mut request = WorkflowRequest::new();
//! let hero = request.add(Step::text_to_image(model.clone(), "a lighthouse in fog"));
//! // `Source<Text>` cannot be made from a `Deferred<Image>`.
//! request.add(Step::text_to_image(model, hero.image(0)));
//! ```
//!
//! Nor do an image where a video is wanted, or a member that an engine does not have:
//!
//! ```compile_fail,E0277
//! # use civitai_jobs::workflow::{Deferred, Image, Step};
//! let picture = Deferred::<Image>::named("hero", "output.images[0].url");
//! Step::caption(picture.clone()); // An image can be looked at,
//! Step::transcribe(picture); // but not listened to.
//! ```
//!
//! ```compile_fail,E0599
//! # use civitai_jobs::workflow::Step;
//! Step::upscale_image("https://example.com/a.png").prompt("a lighthouse in fog");
//! ```
//!
//! Every input of every step type and engine that the contract has is a step as well, as it comes
//! from [`types`]; so is a whole [`types::WorkflowStepTemplate`].

pub use civitai_api::v2::types;
pub use civitai_api::v2::types::{
    BuzzClientAccount as Currency, NsfwLevel, Priority, WorkflowCallback as Callback,
    WorkflowCallbackTypeItem as CallbackEvent, WorkflowUpgradeMode as UpgradeMode,
};
pub use handle::StepHandle;
pub use input::StepInput;
pub use repeat::DeferredList;
pub use request::WorkflowRequest;
pub use step::Step;
pub use value::{
    Archive, Audio, Deferred, DraftCache, Image, Kind, Model, Model3d, Sound, Source, Text, Video,
    Visual,
};

/// What an engine can be told, one trait for each member that many of them share.
///
/// The methods of [`Step`] ask for these; there is nothing to call here.
pub mod takes {
    #[cfg(any(feature = "image", feature = "media"))]
    pub use super::members::OutputFormat;
    pub use super::members::{
        CfgScale, Duration, Epochs, GenerateAudio, GuidanceScale, Images, LearningRate, Loras,
        ModelAir, NegativePrompt, Prompt, Prompted, Quantity, Seed, Size, SourceAudio, SourceImage,
        SourceVideo, Steps, TrainingSteps, TriggerWord,
    };
    #[cfg(feature = "training")]
    pub use super::training::{ContinueFrom, Samples, Trains};
}

mod check;
mod handle;
mod input;
#[allow(dead_code, reason = "each feature needs some of it")]
pub(crate) mod members;
mod references;
mod repeat;
mod request;
mod step;
mod value;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "each feature needs some of it"
)]
pub(crate) mod wiring;

#[cfg(feature = "audio")]
mod audio;
#[cfg(feature = "image")]
mod image;
#[cfg(feature = "image")]
mod jobs_v1;
#[cfg(feature = "media")]
mod media;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "training")]
mod training;
#[cfg(feature = "video")]
mod video;
