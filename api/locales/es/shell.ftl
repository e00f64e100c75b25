# El marco de cada página y los errores.
shell-skip = Ir al contenido
shell-navigation = Navegación principal
shell-language = Idioma
shell-sign-out = Cerrar sesión
shell-promise = Cada consulta de un expediente se anota antes de mostrarlo.
shell-invented = Un mundo inventado: aquí nadie es real. No introduzca nada sobre personas reales.

form-problems = No se pudo aceptar todo. Revise por favor:
value-hidden = oculto: su función no abre este dato
value-absent = sin registrar

error-home = Volver al inicio
error-quote = Si pide ayuda, indique:
problem-not-found = No existe esa página o expediente, o está fuera de su alcance
problem-forbidden = Su función no incluye esta acción
problem-invalid-input = Hay problemas en los datos enviados
problem-too-large = Lo enviado es demasiado grande
problem-unsupported-type = Aquí no se acepta este tipo de contenido
problem-too-many-requests = Demasiados intentos. Espere un poco y vuelva a intentarlo.
problem-read-budget-spent = { $minutes ->
    [one] Ha abierto los registros de tantas personas como se permite a una cuenta en una hora. Podrá continuar dentro de un minuto.
   *[other] Ha abierto los registros de tantas personas como se permite a una cuenta en una hora. Podrá continuar dentro de { $minutes } minutos.
}
problem-search-budget-spent = { $minutes ->
    [one] Ha buscado tantas veces como se permite a una cuenta en una hora. Podrá continuar dentro de un minuto.
   *[other] Ha buscado tantas veces como se permite a una cuenta en una hora. Podrá continuar dentro de { $minutes } minutos.
}
problem-cross-site-request = La petición no vino de una página de este servicio, o la página era demasiado antigua. Abra la página de nuevo y repita.
problem-method-not-taken = Esta dirección no hace eso
problem-address-too-long = La dirección es demasiado larga
problem-headers-too-large = El navegador envió demasiados datos con la petición
problem-too-slow = La petición no llegó a tiempo
problem-unavailable = Ahora no se puede hacer de forma segura. No se ha cambiado nada. Inténtelo de nuevo en breve.
problem-internal = Algo falló por nuestra parte

date-day = { $day } de { $month } de { $year }
date-month = { $month } de { $year }
date-moment = { $day }, { $time } UTC
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
