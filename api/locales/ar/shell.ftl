# إطار كل صفحة والأخطاء.
shell-skip = انتقل إلى المحتوى
shell-navigation = التنقل الرئيسي
shell-language = اللغة
shell-sign-out = تسجيل الخروج
shell-promise = كل اطّلاع على ملف يُسجَّل قبل عرضه.

form-problems = لم يُقبل كل ما أُدخل. يُرجى التحقق مما يلي:
value-hidden = محجوب: دورك لا يتيح الاطلاع على هذا
value-absent = غير مسجَّل

error-home = العودة إلى البداية
error-quote = إذا طلبت المساعدة فاذكر:
problem-not-found = لا توجد صفحة أو ملف كهذا، أو أنه خارج نطاق صلاحيتك
problem-forbidden = دورك لا يشمل هذا الإجراء
problem-invalid-input = في البيانات المدخلة مشكلات
problem-too-large = ما أُرسل كبير جدًا
problem-unsupported-type = هذا النوع من المحتوى غير مقبول هنا
problem-too-many-requests = محاولات كثيرة. يُرجى الانتظار قليلًا ثم المحاولة من جديد.
problem-cross-site-request = لم يأتِ هذا الطلب من صفحة في هذه الخدمة، أو أن الصفحة قديمة. افتح الصفحة من جديد وأعد المحاولة.
problem-method-not-taken = هذا العنوان لا يقوم بذلك
problem-address-too-long = العنوان طويل جدًا
problem-headers-too-large = أرسل المتصفح بيانات كثيرة مع الطلب
problem-too-slow = لم يصل الطلب في الوقت المناسب
problem-unavailable = لا يمكن القيام بذلك بأمان الآن. لم يتغيّر شيء. حاول مجددًا بعد قليل.
problem-internal = حدث خطأ من جانبنا

date-day = { $day } { $month } { $year }
date-moment = { $day }، { $time } (توقيت UTC)
month-1 = كانون الثاني/يناير
month-2 = شباط/فبراير
month-3 = آذار/مارس
month-4 = نيسان/أبريل
month-5 = أيار/مايو
month-6 = حزيران/يونيو
month-7 = تموز/يوليو
month-8 = آب/أغسطس
month-9 = أيلول/سبتمبر
month-10 = تشرين الأول/أكتوبر
month-11 = تشرين الثاني/نوفمبر
month-12 = كانون الأول/ديسمبر
