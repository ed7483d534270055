//! An operation: its parameters, bodies, replies and servers.

use super::{Contract, Key, Node, Tempo};

/// One operation of a contract.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) id: Option<&'a str>,
    item: Node<'a>,
    node: Node<'a>,
}

/// A parameter that an operation declares.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContractParameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) location: &'a str,
    pub(crate) required: bool,
    pub(crate) node: Node<'a>,
}

impl<'a> Operation<'a> {
    pub(super) fn of(contract: &'a Contract, key: &'a Key) -> Option<Self> {
        let item = contract.root().get("paths")?.get(&key.path)?.resolved();
        Some(Self {
            contract,
            method: &key.method,
            path: &key.path,
            id: key.id.as_deref(),
            item,
            node: item.get(&key.method)?,
        })
    }

    /// Returns the parameters, those of the path that the operation does not replace among them.
    pub(crate) fn parameters(&self) -> Vec<ContractParameter<'a>> {
        let mut found: Vec<ContractParameter<'a>> = Vec::new();
        for owner in [self.node, self.item] {
            for node in owner.get("parameters").map(Node::items).unwrap_or_default() {
                let node = node.resolved();
                let text = |key| node.get(key).and_then(Node::text);
                let (Some(name), Some(location)) = (text("name"), text("in")) else {
                    continue;
                };
                if !found.iter().any(|known| known.is(name, location)) {
                    let required = node.is_true("required");
                    found.push(ContractParameter {
                        name,
                        location,
                        required,
                        node,
                    });
                }
            }
        }
        found
    }

    pub(crate) fn body(&self) -> Option<Node<'a>> {
        self.node.get("requestBody").map(Node::resolved)
    }

    /// Returns the media types that a body may have, JSON first.
    pub(crate) fn media_types(&self) -> Vec<(&'a str, Node<'a>)> {
        let content = self.body().and_then(|body| body.get("content"));
        let mut types = content.map(Node::members).unwrap_or_default();
        types.sort_by_key(|(name, _)| !is_json(name));
        types
    }

    /// Returns the replies by status: a number, a range such as `2XX`, or `default`.
    pub(crate) fn replies(&self) -> Vec<(&'a str, Node<'a>)> {
        let replies = self
            .node
            .get("responses")
            .map(Node::members)
            .unwrap_or_default();
        replies
            .into_iter()
            .map(|(status, reply)| (status, reply.resolved()))
            .collect()
    }

    /// Returns whether the contract says what a reply of this status is like.
    pub(crate) fn declares(&self, status: u16) -> bool {
        self.replies().iter().any(|(key, _)| covers(key, status))
    }

    /// Returns the address of the server that serves it, where the contract has one: its variables
    /// filled by their defaults, and not yet joined with the address of the document.
    pub(crate) fn server(&self) -> Option<String> {
        let owners = [self.node, self.item, self.contract.root()];
        let servers = owners
            .iter()
            .find_map(|owner| owner.get("servers")?.items().first().copied())?;
        let mut url = servers.get("url")?.text()?.to_owned();
        for (name, variable) in servers
            .get("variables")
            .map(Node::members)
            .unwrap_or_default()
        {
            let value = variable
                .get("default")
                .and_then(Node::text)
                .unwrap_or_default();
            url = url.replace(&format!("{{{name}}}"), value);
        }
        Some(url)
    }

    /// Returns the headers, query and cookie parameters that its security schemes use, in lower case.
    pub(crate) fn credentials(&self) -> Vec<(&'static str, String)> {
        let root = self.contract.root();
        let wanted = self.node.get("security").or_else(|| root.get("security"));
        let schemes = root
            .get("components")
            .and_then(|parts| parts.get("securitySchemes"));
        let mut found = Vec::new();
        for name in wanted
            .map(Node::items)
            .unwrap_or_default()
            .iter()
            .flat_map(|one| one.members())
        {
            let Some(scheme) = schemes.and_then(|schemes| schemes.get(name.0)) else {
                continue;
            };
            let scheme = scheme.resolved();
            let text = |key| scheme.get(key).and_then(Node::text);
            match (text("type"), text("in"), text("name")) {
                (Some("apiKey"), Some("query"), Some(name)) => {
                    found.push(("query", name.to_lowercase()));
                }
                (Some("apiKey"), Some("cookie"), Some(name)) => {
                    found.push(("cookie", name.to_lowercase()));
                }
                (Some("apiKey"), _, Some(name)) => found.push(("header", name.to_lowercase())),
                _ => found.push(("header", "authorization".to_owned())),
            }
        }
        found
    }

    /// Returns how a waiter of the contract polls by it; `None` where no waiter does.
    pub(crate) fn tempo(&self) -> Option<Tempo> {
        self.contract.tempos.get(self.id?).copied()
    }

    pub(crate) fn shown(&self) -> String {
        match self.id {
            Some(id) => id.to_owned(),
            None => format!("{} {}", self.method.to_uppercase(), self.path),
        }
    }
}

impl ContractParameter<'_> {
    pub(crate) fn is(&self, name: &str, location: &str) -> bool {
        let same = if location == "header" {
            self.name.eq_ignore_ascii_case(name)
        } else {
            self.name == name
        };
        same && self.location == location
    }
}

/// Returns whether a key of replies stands for a status.
pub(crate) fn covers(key: &str, status: u16) -> bool {
    if let Ok(number) = key.parse::<u16>() {
        return number == status;
    }
    let hundreds = key.chars().next().and_then(|first| first.to_digit(10));
    let is_range = key
        .get(1..)
        .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"));
    key == "default" || (is_range && hundreds == Some(u32::from(status / 100)))
}

pub(crate) fn is_json(media_type: &str) -> bool {
    let plain = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    plain == "application/json" || plain.ends_with("+json") || plain == "text/json"
}
