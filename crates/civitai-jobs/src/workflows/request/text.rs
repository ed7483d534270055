//! Steps that answer, and that write better prompts.

use civitai_api::Input;

use super::step::Step;
use super::value::{Image, Source, Text};
use super::wiring::{Collection as _, Slot as _};
use civitai_api::v2::types::*;

impl Step<ChatCompletionInput> {
    /// Creates a step for the answer of a language model, such as `gpt-4o`, to a message.
    pub fn chat(model: impl Into<String>, message: impl Into<Source<Text>>) -> Self {
        let step = Self::of(|input| input.model = model.into().into());
        step.message(user(part(message.into())))
    }

    /// Puts what the model is to know and how it is to answer before all messages.
    pub fn system(mut self, text: impl Into<Source<Text>>) -> Self {
        let message = SystemMessage {
            content: text.into().into_input(),
            ..Default::default()
        };
        if let Input::Value(messages) = &mut self.input.messages {
            messages.insert(0, message.into());
        }
        self
    }

    /// Adds a message with an image to look at.
    pub fn image(self, image: impl Into<Source<Image>>) -> Self {
        let image_url = ChatCompletionImageUrl {
            url: image.into().into_input(),
            ..Default::default()
        };
        self.message(user(ChatCompletionContentPart {
            image_url: Some(image_url.into()),
            type_: Some("image_url".into()),
            ..Default::default()
        }))
    }

    /// Adds any message, such as an earlier answer.
    pub fn message(mut self, message: impl Into<ChatCompletionMessage>) -> Self {
        self.input.messages.add(message.into());
        self
    }

    /// Sets how many tokens the answer may have at most.
    pub fn max_tokens(mut self, tokens: impl Into<Source<i32>>) -> Self {
        self.input.max_tokens.set(tokens.into());
        self
    }

    /// Sets how freely the model chooses its words, from 0 to 2.
    pub fn temperature(mut self, temperature: impl Into<Source<f64>>) -> Self {
        self.input.temperature.set(temperature.into());
        self
    }
}

fn part(text: Source<Text>) -> ChatCompletionContentPart {
    ChatCompletionContentPart {
        text: Some(text.into_input()),
        type_: Some("text".into()),
        ..Default::default()
    }
}

fn user(part: ChatCompletionContentPart) -> UserMessage {
    UserMessage::new(UserMessageContent::List(vec![part]))
}

impl Step<PromptEnhancementInput> {
    /// Creates a step for a better prompt for the models of an ecosystem, such as `sdxl`.
    pub fn enhance_prompt(
        ecosystem: impl Into<Source<Text>>,
        prompt: impl Into<Source<Text>>,
    ) -> Self {
        Self::of(|input| {
            input.ecosystem.set(ecosystem.into());
            input.prompt.set(prompt.into());
        })
    }

    /// Sets what the result of the prompt is not to show.
    pub fn without(mut self, text: impl Into<Source<Text>>) -> Self {
        self.input.negative_prompt.set(text.into());
        self
    }

    /// Sets what to change about the prompt, in words.
    pub fn instruction(mut self, text: impl Into<Source<Text>>) -> Self {
        self.input.instruction.set(text.into());
        self
    }
}
