# The frame round every page, and errors.
shell-skip = Skip to the content
shell-navigation = Main navigation
shell-language = Language
shell-sign-out = Sign out
shell-promise = Every look at a record is written down before it is shown.
shell-invented = An invented world: nobody here is real. Enter nothing about real people.

form-problems = Not everything could be taken. Please check:
value-hidden = hidden: your role does not open this
value-absent = not recorded

error-home = Back to the start
error-quote = If you ask for help, quote:
problem-not-found = There is no such page or record, or it is outside your reach
problem-forbidden = Your role does not include this
problem-invalid-input = The input has problems
problem-too-large = What was sent is too large
problem-unsupported-type = This kind of content is not taken here
problem-too-many-requests = Too many attempts. Please wait a little and try again.
problem-read-budget-spent = { $minutes ->
    [one] You have opened the records of as many people as one account may within an hour. You can go on in one minute.
   *[other] You have opened the records of as many people as one account may within an hour. You can go on in { $minutes } minutes.
}
problem-search-budget-spent = { $minutes ->
    [one] You have searched as often as one account may within an hour. You can go on in one minute.
   *[other] You have searched as often as one account may within an hour. You can go on in { $minutes } minutes.
}
problem-cross-site-request = This request did not come from a page of this service, or the page was too old. Open the page again and repeat it.
problem-method-not-taken = This address does not do that
problem-address-too-long = The address is too long
problem-headers-too-large = The browser sent too much along with the request
problem-too-slow = The request did not arrive in time
problem-unavailable = This cannot be done safely right now. Nothing was changed. Please try again shortly.
problem-internal = Something went wrong on our side

date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
date-moment = { $day }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
