# Le cadre de chaque page et les erreurs.
shell-skip = Aller au contenu
shell-navigation = Navigation principale
shell-language = Langue
shell-sign-out = Se déconnecter
shell-promise = Chaque consultation d’un dossier est consignée avant l’affichage.
shell-invented = Un monde inventé : personne ici n’est réel. N’y saisissez rien sur de vraies personnes.

form-problems = Tout n’a pas pu être accepté. Veuillez vérifier :
value-hidden = masqué : votre fonction n’ouvre pas cette donnée
value-absent = non renseigné

error-home = Retour à l’accueil
error-quote = Si vous demandez de l’aide, indiquez :
problem-not-found = Cette page ou ce dossier n’existe pas, ou n’est pas à votre portée
problem-forbidden = Votre fonction ne comprend pas cette action
problem-invalid-input = Les données envoyées posent problème
problem-too-large = L’envoi est trop volumineux
problem-unsupported-type = Ce type de contenu n’est pas accepté ici
problem-too-many-requests = Trop de tentatives. Patientez un peu avant de réessayer.
problem-read-budget-spent = { $minutes ->
    [one] Vous avez ouvert les dossiers d’autant de personnes qu’un compte le peut en une heure. Vous pourrez continuer dans une minute.
   *[other] Vous avez ouvert les dossiers d’autant de personnes qu’un compte le peut en une heure. Vous pourrez continuer dans { $minutes } minutes.
}
problem-search-budget-spent = { $minutes ->
    [one] Vous avez cherché aussi souvent qu’un compte le peut en une heure. Vous pourrez continuer dans une minute.
   *[other] Vous avez cherché aussi souvent qu’un compte le peut en une heure. Vous pourrez continuer dans { $minutes } minutes.
}
problem-cross-site-request = La demande ne venait pas d’une page de ce service, ou la page était trop ancienne. Rouvrez la page et recommencez.
problem-method-not-taken = Cette adresse ne fait pas cela
problem-address-too-long = L’adresse est trop longue
problem-headers-too-large = Le navigateur a joint trop de données à la demande
problem-too-slow = La demande n’est pas arrivée à temps
problem-unavailable = Impossible de le faire en sécurité pour le moment. Rien n’a été modifié. Réessayez bientôt.
problem-internal = Une erreur s’est produite de notre côté

date-day = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
}
date-month = { $month } { $year }
date-moment = { $day }, { $time } UTC
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
