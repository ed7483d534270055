//! The members of any value by their names, for what no type names yet.

use serde_json::Value;

use super::decode::{DecodeError, join};
use super::encode::to_value;
use super::extra::Misfit;
use super::tree::Tree;
use super::wire::{Edit, Mut, Ref, View, Wire};

/// The members of a value by their names on the wire: `request.set_member("newSetting", 3)?`.
pub trait Members {
    /// Returns a member as JSON, as it would be written; none where it would be left out.
    fn member(&self, name: &str) -> Option<Value>;

    /// Sets a member. One that the type does not know is kept in its `extra` and sent with the rest.
    ///
    /// # Errors
    ///
    /// The type knows the member and the value does not fit it, the tag of a union's variant, or a value
    /// that has no members.
    fn set_member(&mut self, name: &str, value: impl Into<Value>) -> Result<(), DecodeError>;

    /// Returns what is not as the contract says, at any depth.
    fn misfits(&self) -> Vec<Misfit>;

    /// Returns the names that the contract has for what is below a member, sorted: those of the variant,
    /// where that is a union. Empty where names are free, and where there is no such member.
    fn member_names(&self, name: &str) -> Vec<&'static str>;

    /// Returns the members that the contract does not name, at any depth: the path of each, such as
    /// `steps[0].input.heigth`, and the names that its object has.
    fn strangers(&self) -> Vec<(String, Vec<&'static str>)>;
}

impl<T: Wire> Members for T {
    fn member(&self, name: &str) -> Option<Value> {
        self.view().member(name).map(to_value)
    }

    fn set_member(&mut self, name: &str, value: impl Into<Value>) -> Result<(), DecodeError> {
        set(self, name, Tree::from(value.into()))
    }

    fn misfits(&self) -> Vec<Misfit> {
        let mut found = Vec::new();
        gather(self, "", &mut found);
        found
    }

    fn member_names(&self, name: &str) -> Vec<&'static str> {
        let member = self.view().member(name);
        member.map(super::names::of).unwrap_or_default()
    }

    fn strangers(&self) -> Vec<(String, Vec<&'static str>)> {
        super::names::strangers(self)
    }
}

/// Sets a member of a value, whatever it is.
pub(super) fn set(value: Mut<'_>, name: &str, tree: Tree<'_>) -> Result<(), DecodeError> {
    let held = match value.edit() {
        Edit::Object(object) => return super::object::set_member(object, name, tree),
        Edit::Tagged(union) => return super::tagged::set_member(union, name, tree),
        Edit::Map(map) => {
            let read = super::read::put_entry(map, name, tree, false);
            return read.map_err(|unfit| DecodeError::of(name, &unfit));
        }
        Edit::RawObject(members) | Edit::Raw(Value::Object(members)) => {
            members.insert(name.to_owned(), tree.into_value());
            return Ok(());
        }
        Edit::Option(option) => option.held(),
        Edit::Input(input) => input.held(),
        Edit::Choice(choice) => Some(choice.held()),
        _ => None,
    };
    match held {
        Some(held) => set(held, name, tree),
        None => Err(DecodeError::at(name, "the value has no members")),
    }
}

fn gather(value: Ref<'_>, at: &str, found: &mut Vec<Misfit>) {
    match value.view() {
        View::List(items) => {
            let mut index = 0;
            items.each(&mut |item| {
                gather(item, &format!("{at}[{index}]"), found);
                index += 1;
            });
        }
        View::Object(object) => {
            found.extend(object.extra().misfits().map(|misfit| misfit.below(at)));
            let (_, table) = object.shape();
            for (index, member) in table.iter().enumerate() {
                if member.required && object.extra().is_missing(index) {
                    found.push(Misfit::new(join(at, member.wire), "is missing".to_owned()));
                }
            }
            object.fields(&mut |fields| {
                for (member, field) in table.iter().zip(fields) {
                    gather(*field, &join(at, member.wire), found);
                }
            });
        }
        View::Tagged(union) => match union.variant() {
            (Some(_), variant) => gather(variant, at, found),
            (None, raw) => found.extend(no_tag(raw, at, union.tag().0, found)),
        },
        View::Map(map) => map.each(&mut |name, value| gather(value, &join(at, name), found)),
        _ => {}
    }
}

/// What is wrong with the tag of an object that is kept raw. One that the contract does not list is no
/// fault; neither is one in what stands in for a value that did not fit, since that is told already.
fn no_tag(raw: Ref<'_>, at: &str, name: &str, found: &[Misfit]) -> Option<Misfit> {
    let what = match raw.view().member(name).map(Wire::view) {
        Some(View::Text(_) | View::Raw(Value::String(_))) => return None,
        None => "is missing",
        Some(_) => "expected a text that names the variant",
    };
    let is_above = |misfit: &Misfit| {
        let below = at.strip_prefix(misfit.path());
        below.is_some_and(|below| below.is_empty() || below.starts_with(['.', '[']))
    };
    let told = found.iter().any(is_above);
    (!told).then(|| Misfit::new(join(at, name), what.to_owned()))
}
