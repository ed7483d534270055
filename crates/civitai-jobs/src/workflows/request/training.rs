//! Steps that train models.

use super::step::Step;
use super::value::{Archive, Source, Text};
use crate::Air;
use civitai_api::v2::types::*;

/// What trains a model.
pub trait Trains {
    /// Makes it, as [`Step::train`](super::Step::train) does.
    fn of_data(data: TrainingData) -> Self;
}

/// What takes [`continue_from`](super::Step::continue_from).
pub trait ContinueFrom {
    /// Sets it, as [`Step::continue_from`](super::Step::continue_from) does.
    fn set(&mut self, lora: Source<Text>);
}

/// What takes a [`sample_prompt`](super::Step::sample_prompt).
pub trait Samples {
    /// Adds one, as [`Step::sample_prompt`](super::Step::sample_prompt) does.
    fn add(&mut self, prompt: Source<Text>);
}

/// ```
/// use civitai_jobs::workflows::{Step, WorkflowRequest, types::SdxlAiToolkitTrainingInput};
///
/// let data: civitai_jobs::Air = "urn:air:other:other:civitai:1@2".parse()?;
/// let training = Step::<SdxlAiToolkitTrainingInput>::train(&data, 24)
///     .epochs(5)
///     .trigger_word("fogtower")
///     .sample_prompt("fogtower by the sea");
/// let mut request = WorkflowRequest::new();
/// let trained = request.add(training);
/// assert_eq!(trained.model(4).path(), "output.epochs[4].model.url");
/// # request.to_template()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl<I: Trains> Step<I> {
    /// Creates a model trained on a zip archive of so many images or other files.
    pub fn train(data: impl Into<Source<Archive>>, count: impl Into<Source<i32>>) -> Self {
        let zip = ZipTrainingData {
            count: count.into().into_input(),
            source_url: data.into().into_input(),
            ..Default::default()
        };
        Self::new(I::of_data(zip.into()))
    }
}

impl<I: ContinueFrom> Step<I> {
    /// Sets the earlier LoRA that the training goes on from.
    pub fn continue_from(mut self, lora: &Air) -> Self {
        ContinueFrom::set(&mut self.input, lora.to_string().into());
        self
    }
}

impl<I: Samples> Step<I> {
    /// Adds a prompt that a sample is made of after each epoch.
    pub fn sample_prompt(mut self, prompt: impl Into<Source<Text>>) -> Self {
        Samples::add(&mut self.input, prompt.into());
        self
    }
}
