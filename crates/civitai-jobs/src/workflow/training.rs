//! Steps that train models.

use super::input::Variant;
use super::slot::{Collection, Member};
use super::step::Step;
use super::types::{self, TrainingData, TrainingInputSamples, ZipTrainingData};
use super::value::{Archive, Source, Text};
use crate::Air;

/// What trains a model, with the settings that all of them share.
pub trait Trains {
    /// Makes it, as [`Step::train`](super::Step::train) does.
    fn of_data(data: TrainingData) -> Self;

    /// Sets it, as [`Step::epochs`](super::Step::epochs) does.
    fn set_epochs(&mut self, epochs: Source<i32>);

    /// Sets it, as [`Step::trigger_word`](super::Step::trigger_word) does.
    fn set_trigger_word(&mut self, word: Source<Text>);

    /// Sets it, as [`Step::training_steps`](super::Step::training_steps) does.
    fn set_training_steps(&mut self, steps: Source<i32>);

    /// Sets it, as [`Step::learning_rate`](super::Step::learning_rate) does.
    fn set_learning_rate(&mut self, rate: Source<f64>);

    /// Sets it, as [`Step::continue_from`](super::Step::continue_from) does.
    fn set_continue_from(&mut self, lora: String);

    /// Adds one, as [`Step::sample_prompt`](super::Step::sample_prompt) does.
    fn add_sample_prompt(&mut self, prompt: Source<Text>);
}

/// ```
/// use civitai_jobs::workflow::{Step, WorkflowRequest, types::SdxlAiToolkitTrainingInput};
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
    /// A model trained on a zip archive of so many images or other files.
    pub fn train(data: impl Into<Source<Archive>>, count: impl Into<Source<i32>>) -> Self {
        let data = ZipTrainingData {
            count: count.into().into_input(),
            source_url: data.into().into_input(),
        };
        Self::new(I::of_data(data.into_union()))
    }

    /// Sets how often to go through the data; each time leaves a model and samples.
    pub fn epochs(mut self, epochs: impl Into<Source<i32>>) -> Self {
        self.input.set_epochs(epochs.into());
        self
    }

    /// Sets the word by which a prompt calls what was learnt.
    pub fn trigger_word(mut self, word: impl Into<Source<Text>>) -> Self {
        self.input.set_trigger_word(word.into());
        self
    }

    /// Sets the number of steps of the training, over all epochs.
    pub fn training_steps(mut self, steps: impl Into<Source<i32>>) -> Self {
        self.input.set_training_steps(steps.into());
        self
    }

    /// Sets how fast the model learns.
    pub fn learning_rate(mut self, rate: impl Into<Source<f64>>) -> Self {
        self.input.set_learning_rate(rate.into());
        self
    }

    /// Sets the earlier LoRA that the training goes on from.
    pub fn continue_from(mut self, lora: &Air) -> Self {
        self.input.set_continue_from(lora.to_string());
        self
    }

    /// Adds a prompt that a sample is made of after each epoch.
    pub fn sample_prompt(mut self, prompt: impl Into<Source<Text>>) -> Self {
        self.input.add_sample_prompt(prompt.into());
        self
    }
}

macro_rules! trains {
    ($($input:ident)*) => {
        $(impl Trains for types::$input {
            fn of_data(data: TrainingData) -> Self {
                Self::new(data)
            }

            fn set_epochs(&mut self, epochs: Source<i32>) {
                self.epochs.set(epochs.into_input());
            }

            fn set_trigger_word(&mut self, word: Source<Text>) {
                self.trigger_word.set(word.into_input());
            }

            fn set_training_steps(&mut self, steps: Source<i32>) {
                self.steps.set(steps.into_input());
            }

            fn set_learning_rate(&mut self, rate: Source<f64>) {
                self.lr.set(rate.into_input());
            }

            fn set_continue_from(&mut self, lora: String) {
                self.continue_from.set(lora.into());
            }

            fn add_sample_prompt(&mut self, prompt: Source<Text>) {
                let samples = self.samples.get_or_insert_default();
                if let civitai_api::Input::Value(TrainingInputSamples { prompts, .. }) = samples {
                    prompts.add(prompt.into_input());
                }
            }
        })*
    };
}

trains! {
    AceStep15AiToolkitTrainingInput AceStep15XlBaseAiToolkitTrainingInput
    AceStep15XlSftAiToolkitTrainingInput AnimaAiToolkitTrainingInput BooguAiToolkitTrainingInput
    ChromaAiToolkitTrainingInput ComfyTrainingInput ErnieAiToolkitTrainingInput
    Flux1DevAiToolkitTrainingInput Flux1SchnellAiToolkitTrainingInput
    Flux2Klein4bAiToolkitTrainingInput Flux2Klein9bAiToolkitTrainingInput
    HiDreamO1aiToolkitTrainingInput Krea2AiToolkitTrainingInput Ltx2AiToolkitTrainingInput
    Ltx23AiToolkitTrainingInput MageFlowAiToolkitTrainingInput MiniMaxH3aiToolkitTrainingInput
    QwenAiToolkitTrainingInput Sd1aiToolkitTrainingInput SdxlAiToolkitTrainingInput
    ZImageBaseAiToolkitTrainingInput ZImageTurboAiToolkitTrainingInput
}
