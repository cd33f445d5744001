farms-register = Register farm
farms-register-title = Register farm for { $name }
farms-registered = Farm { $name } is registered.
farms-name = Name
farms-name-holds = Name holds
farms-filter = Filter
farms-hosts = Hosts
farms-hosts-help = Names or addresses without ports, divided by blanks, commas or lines.
farms-farm = Farm
farms-source = Source
farms-any-source = Any source
farms-projects = Projects
farms-none = There are no farms that you may see. A farm is a set of hosts, and is registered on the page of a project.
farms-none-found = No such farm is found.
farms-to-services = Services
farms-no-hosts = This farm has no hosts.
farms-detail = Farm detail
farms-add-hosts = Register hosts
farms-hosts-added = Farm { $name } has these hosts.
farms-edit = Edit farm
farms-save = Save farm
farms-saved = Farm { $name } is saved.
farms-shared = This farm serves several projects; all of them change: { $name }
farms-locked = You may not change this farm, because it also serves:
farms-delete = Delete farm
farms-delete-title = Delete farm { $name }?
farms-delete-text = The farm { $name } goes away with its hosts.
farms-deleted = Farm { $name } is deleted.
farms-convert = Convert to local
farms-convert-title = Convert { $name } to a local farm?
farms-convert-text = Its hosts stay as they are now and are kept here; { $name } is not asked any more.
farms-converted = Farm { $name } is local.
farms-sync = Sync
farms-preview = What a sync would change
farms-sync-title = Sync { $name }
farms-sync-text = The source answers otherwise than what is stored:
farms-in-sync = The farm has exactly the hosts that its source has.
farms-failed = The source cannot be asked; the farm keeps its hosts.
farms-synced = Farm { $name } is in sync: { $added } added, { $removed } removed.
farms-link = Link farm
farms-link-from = Link a farm from
farms-link-title = Link a farm from { $name }
farms-link-replaces = It takes the place of { $name }.
farms-none-offered = The source offers no farms.
farms-unlink = Unlink
farms-unlink-title = Unlink the farm of { $name }?
farms-unlink-text = The project is left without hosts; the farm { $name } stays.
farms-unlink-last = The project is left without hosts, and the farm { $name }, which serves no other one, goes away.
farms-unlink-none = { $name } has no farm.
farms-unlinked = Farm { $name } is unlinked.
farms-serves = { $count ->
    [one] serves { $count } project
   *[other] serves { $count } projects
}
farms-hidden = { $count ->
    [one] and { $count } that you may not see
   *[other] and { $count } that you may not see
}
