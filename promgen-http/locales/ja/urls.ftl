# urls
