//! Names by which a secret or a prompt is known.

/// Names of parameters and members whose value opens something, in small letters without `-` and `_`.
const TOKENS: &[&str] = &[
    "accesskey",
    "accesstoken",
    "apikey",
    "apitoken",
    "auth",
    "authorization",
    "bearer",
    "clientsecret",
    "cookie",
    "credential",
    "idtoken",
    "jwt",
    "key",
    "password",
    "refreshtoken",
    "secret",
    "sessionid",
    "sessiontoken",
    "token",
];
/// Names of parameters that sign a link, or say how long it is good; each signing has others.
const SIGNATURES: &[&str] = &[
    "awsaccesskeyid",
    "exp",
    "expires",
    "keypairid",
    "policy",
    "se",
    "sig",
    "signature",
    "skoid",
    "sp",
    "sr",
    "st",
    "sv",
];
/// Beginnings of such names.
const SIGNING: &[&str] = &["xamz", "xgoog", "xms"];
/// A member of that length or more is no word of a language model, and no name of a thing.
const TOKEN_FROM: usize = 16;
/// Names of members that hold what somebody wrote; those that end in `prompt` do too.
const PROMPTS: &[&str] = &[
    "caption",
    "captions",
    "content",
    "instruction",
    "instructions",
    "lyrics",
    "message",
    "messages",
    "speech",
    "system",
    "text",
    "texts",
    "transcript",
    "transcription",
];

fn plain(name: &str) -> String {
    let kept = name.chars().filter(|c| !matches!(c, '-' | '_' | '.'));
    kept.collect::<String>().to_ascii_lowercase()
}

/// Whether a parameter of this name opens something.
pub(super) fn is_token(name: &str) -> bool {
    TOKENS.contains(&plain(name).as_str())
}

/// Whether a parameter of this name belongs to the signature of a link.
pub(super) fn is_signature(name: &str) -> bool {
    let name = plain(name);
    SIGNATURES.contains(&name.as_str()) || SIGNING.iter().any(|start| name.starts_with(start))
}

/// Whether a member of JSON is a secret.
pub(super) fn is_secret_member(name: &str, value: &str) -> bool {
    let is_named = is_token(name) || matches!(plain(name).as_str(), "sig" | "signature");
    is_named && value.len() >= TOKEN_FROM
}

/// Whether a member of JSON is what somebody wrote.
pub(super) fn is_prompt(name: &str) -> bool {
    let name = plain(name);
    name.ends_with("prompt") || PROMPTS.contains(&name.as_str())
}
