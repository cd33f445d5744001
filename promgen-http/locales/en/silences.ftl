silences-actions = Actions
silences-active = Active silences
silences-add-matcher = Add matcher
silences-all = All silences
silences-comment = Comment
silences-create = Create silence
silences-created = The silence is made.
silences-created-by = Created by
silences-duration = Duration
silences-duration-help = From now on, such as 30m, 2h or 1d12h. When it is given, the times below do not count.
silences-edit = Edit
silences-edit-title = Edit silence
silences-ends = End
silences-expire = Expire
silences-expire-text = Alerts that it matches are heard again at once.
silences-expire-title = Expire this silence?
silences-expired = The silence is over.
silences-filter = Filter
silences-filters = Filters
silences-hides = { $count ->
    [0] It would hide no alert that fires now.
    [one] It would hide { $count } alert that fires now.
   *[other] It would hide { $count } alerts that fire now.
}
silences-label = Label
silences-matchers = Matchers
silences-matchers-help = An alert is silenced when all of them match. One of them must be for service or project.
silences-mine = Made by me
silences-new = New silence
silences-none = Nothing is silenced.
silences-none-found = No silence fits what was asked for.
silences-not-over = not over
silences-operator = Operator
silences-preview = Preview
silences-preview-title = What it would hide
silences-projects = Projects
silences-save = Save silence
silences-saved = The silence is saved.
silences-search = Comment, author or matcher
silences-starts = Start
silences-state = State
silences-state-active = active
silences-state-expired = expired
silences-state-pending = pending
silences-times-help = Times are in { $zone }.
silences-until = until
silences-value = Value
