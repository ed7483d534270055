//! The client struct. Its methods stand in the `operations` modules.

use super::attributes;

pub(super) fn client(title: &str, support: &syn::Path) -> Vec<syn::Item> {
    let text = attributes::docs(&format!(
        "A client of {}: one method for each operation of the contract.\n\nCheap to clone; clones share connections.",
        title.trim_end_matches('.'),
    ));
    let file: syn::File = syn::parse_quote! {
        use #support::Http;

        #text
        #[derive(Clone, Debug)]
        pub struct Client {
            http: Http,
        }

        impl Client {
            /// Creates a client on a transport.
            pub fn new(http: Http) -> Self {
                Self { http }
            }

            /// Returns the transport.
            pub fn http(&self) -> &Http {
                &self.http
            }
        }
    };
    file.items
}
