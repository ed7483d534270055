//! What many engines can be told in the same words: the prompt, the size, the seed, ….
//!
//! The traits say which engine takes what, so that a setter is written once and an engine without
//! the member does not have it. What only a few engines have is set through `Step::with`.

use super::step::Step;
use super::value::{Audio, Image, Kind, Source, Text, Video};
use crate::Air;
#[cfg(any(feature = "image", feature = "media"))]
use civitai_api::v2::types::ImageGenOutputFormat as Format;

/// Writes a trait for what many inputs can be told, the kind of its value, and the method of a step
/// that sets it.
macro_rules! takes {
    ($($trait:ident($kind:ty) => $(#[$about:meta])* $method:ident($value:ident);)*) => {
        /// The kinds of what the traits set, by the names of the traits.
        pub(crate) mod of {
            use super::*;

            $(pub(crate) type $trait = $kind;)*
            pub(crate) type ContinueFrom = Text;
            pub(crate) type ModelAir = Text;
            #[cfg(any(feature = "image", feature = "media"))]
            pub(crate) type OutputFormat = Format;
        }

        $(
            #[doc = concat!("What takes [`", stringify!($method), "`](super::Step::", stringify!($method), ").")]
            pub trait $trait {
                #[doc = concat!("Sets it, as [`Step::", stringify!($method), "`](super::Step::", stringify!($method), ") does.")]
                fn set(&mut self, value: Source<$kind>);
            }

            impl<I: $trait> Step<I> {
                $(#[$about])*
                pub fn $method(mut self, $value: impl Into<Source<$kind>>) -> Self {
                    $trait::set(&mut self.input, $value.into());
                    self
                }
            }
        )*
    };
}

takes! {
    Prompt(Text) =>
        /// Sets what the result is to show.
        prompt(text);
    NegativePrompt(Text) =>
        /// Sets what the result is not to show.
        negative_prompt(text);
    SourceImage(Image) =>
        /// Sets the image to start from.
        image(image);
    SourceVideo(Video) =>
        /// Sets the video to start from.
        video(video);
    SourceAudio(Audio) =>
        /// Sets the sound that the video is made for.
        audio(audio);
    Steps(i32) =>
        /// Sets the number of denoising steps; more take longer and cost more.
        steps(steps);
    CfgScale(f64) =>
        /// Sets how closely the result follows the prompt.
        cfg_scale(scale);
    GuidanceScale(f64) =>
        /// Sets how closely the result follows the prompt, for engines that call it guidance.
        guidance_scale(scale);
    Quantity(i32) =>
        /// Sets how many results to make.
        quantity(results);
    Duration(i32) =>
        /// Sets how long the video is to be, in seconds.
        duration(seconds);
    GenerateAudio(bool) =>
        /// Sets whether the video has sound.
        generate_audio(sound);
    Epochs(i32) =>
        /// Sets how often to go through the data; each time leaves a model and samples.
        epochs(epochs);
    TriggerWord(Text) =>
        /// Sets the word by which a prompt calls what was learnt.
        trigger_word(word);
    TrainingSteps(i32) =>
        /// Sets the number of steps of the training, over all epochs.
        training_steps(steps);
    LearningRate(f64) =>
        /// Sets how fast the model learns.
        learning_rate(rate);
}

/// What takes [`size`](super::Step::size).
pub trait Size {
    /// Sets it, as [`Step::size`](super::Step::size) does.
    fn set(&mut self, width: Source<i32>, height: Source<i32>);
}

/// What takes [`seed`](super::Step::seed).
pub trait Seed {
    /// How wide a number the seed is.
    type Value: Kind;

    /// Sets it, as [`Step::seed`](super::Step::seed) does.
    fn set(&mut self, seed: Source<Self::Value>);
}

/// What takes [`images`](super::Step::images).
pub trait Images {
    /// Adds one, as [`Step::images`](super::Step::images) does.
    fn add(&mut self, image: Source<Image>);
}

/// What takes a [`lora`](super::Step::lora).
pub trait Loras {
    /// Adds one, as [`Step::lora`](super::Step::lora) does.
    fn add(&mut self, air: String, strength: f64);
}

/// What takes a [`model`](super::Step::model).
pub trait ModelAir {
    /// Sets it, as [`Step::model`](super::Step::model) does.
    fn set(&mut self, model: Source<Text>);
}

/// What takes an [`output_format`](super::Step::output_format).
#[cfg(any(feature = "image", feature = "media"))]
pub trait OutputFormat {
    /// Sets it, as [`Step::output_format`](super::Step::output_format) does.
    fn set(&mut self, format: Source<Format>);
}

/// What can be made of a prompt by [`prompted`](super::Step::prompted).
pub trait Prompted {
    /// Makes it, as [`Step::prompted`](super::Step::prompted) does.
    fn of_prompt(prompt: Source<Text>) -> Self;
}

impl<I: Prompted> Step<I> {
    /// Makes a step of an engine and what it is to show.
    ///
    /// Where the engine must be told more, such as the image to edit, the check before sending says
    /// so.
    pub fn prompted(prompt: impl Into<Source<Text>>) -> Self {
        Self::new(I::of_prompt(prompt.into()))
    }
}

impl<I: Size> Step<I> {
    /// Sets width and height in pixels.
    pub fn size(mut self, width: impl Into<Source<i32>>, height: impl Into<Source<i32>>) -> Self {
        Size::set(&mut self.input, width.into(), height.into());
        self
    }
}

impl<I: Seed> Step<I> {
    /// Sets where the random numbers begin; the same seed and input give the same result.
    pub fn seed(mut self, seed: impl Into<Source<I::Value>>) -> Self {
        Seed::set(&mut self.input, seed.into());
        self
    }
}

impl<I: Images> Step<I> {
    /// Adds images to start from, to edit or to take after.
    pub fn images<S: Into<Source<Image>>>(mut self, images: impl IntoIterator<Item = S>) -> Self {
        for image in images {
            Images::add(&mut self.input, image.into());
        }
        self
    }
}

impl<I: Loras> Step<I> {
    /// Adds a LoRA with its strength, where 1 is the full one.
    pub fn lora(mut self, lora: &Air, strength: f64) -> Self {
        Loras::add(&mut self.input, lora.to_string(), strength);
        self
    }
}

impl<I: ModelAir> Step<I> {
    /// Sets the model to work with.
    pub fn model(mut self, model: &Air) -> Self {
        ModelAir::set(&mut self.input, model.to_string().into());
        self
    }
}

#[cfg(any(feature = "image", feature = "media"))]
impl<I: OutputFormat> Step<I> {
    /// Sets the file format of the images.
    pub fn output_format(mut self, format: Format) -> Self {
        OutputFormat::set(&mut self.input, format.into());
        self
    }
}
