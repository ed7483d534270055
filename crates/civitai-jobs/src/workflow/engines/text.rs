//! Messages of a chat, and what moderation looks at: where each stands in its union.

use super::unions;

unions! {
    ChatCompletionMessage {
        Assistant(AssistantMessage), System(SystemMessage), Tool(ToolMessage),
        User(UserMessage),
    }
    XGuardModerationInput {
        Prompt(XGuardPromptModerationInput), Text(XGuardTextModerationInput),
    }
    ShieldstralModerationInput {
        Prompt(ShieldstralPromptModerationInput), Text(ShieldstralTextModerationInput),
    }
}
