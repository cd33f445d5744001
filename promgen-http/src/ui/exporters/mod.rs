//! `/exporter` and `/preset`: what is scraped on the hosts of projects, and what is offered for that.

mod delete;
mod form;
mod presets;
mod read;
mod test;
mod toggle;

use http::Method;
use promgen_core::app::policy::Act;

use crate::routes::Routes;

/// The routes of this module.
pub(super) fn routes() -> Routes {
    let (get, post) = (&Method::GET, &Method::POST);
    Routes::default()
        .on(Act::Edit, get, "/project/{id}/exporter", form::new)
        .on(Act::Edit, post, "/project/{id}/exporter", form::create)
        .on(Act::See, post, "/project/{id}/scrape", test::test)
        .on(Act::Edit, get, "/exporter/{id}/toggle", toggle::ask)
        .on(Act::Edit, post, "/exporter/{id}/toggle", toggle::toggle)
        .on(Act::Edit, get, "/exporter/{id}/delete", delete::ask)
        .on(Act::Edit, post, "/exporter/{id}/delete", delete::delete)
        .on(Act::SeeSite, get, "/preset", presets::list)
        .on(Act::ChangeSite, get, "/preset/new", presets::new)
        .on(Act::ChangeSite, post, "/preset/new", presets::create)
        .on(Act::ChangeSite, get, "/preset/{id}/update", presets::edit)
        .on(
            Act::ChangeSite,
            post,
            "/preset/{id}/update",
            presets::update,
        )
        .on(Act::ChangeSite, get, "/preset/{id}/delete", presets::ask)
        .on(
            Act::ChangeSite,
            post,
            "/preset/{id}/delete",
            presets::delete,
        )
}
