"""Wikis in several languages, each with its own names of namespaces."""

import pytest

from wikifeed_server.projects import NamespaceInfo, ProjectInfo


def wiki(language: str, file: str, template: str, category: str) -> ProjectInfo:
    return ProjectInfo(
        identifier=f"{language}wiki",
        url=f"https://{language}.wikipedia.org",
        language=language,
        namespaces=(
            NamespaceInfo(0, ""),
            NamespaceInfo(2, "User"),
            NamespaceInfo(6, file, "File", ("Image",)),
            NamespaceInfo(10, template, "Template"),
            NamespaceInfo(14, category, "Category"),
        ),
    )


@pytest.fixture(scope="session")
def enwiki():
    return wiki("en", "File", "Template", "Category")


@pytest.fixture(scope="session")
def ruwiki():
    return wiki("ru", "Файл", "Шаблон", "Категория")


@pytest.fixture(scope="session")
def arwiki():
    return wiki("ar", "ملف", "قالب", "تصنيف")


@pytest.fixture(scope="session")
def zhwiki():
    return wiki("zh", "文件", "模板", "分类")


@pytest.fixture(scope="session")
def frwiki():
    return wiki("fr", "Fichier", "Modèle", "Catégorie")
