"""Encoded content: base64, binary, data URIs, XML and XPath, as in the engine."""

from __future__ import annotations

from typing import Any

import pytest

from activities_gen.expressions import Context, EvaluationError, evaluate

CONTEXT = Context()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("base64('é😀')", "w6nwn5iA"),
        ("base64('')", ""),
        ("base64(createArray(1))", "WzFd"),
        ("base64(binary('hi'))", "aGk="),
        ("base64ToString('aGVs bG8=')", "hello"),
        ("base64ToString('YR==')", "a"),
        ("base64ToString('gICA')", "���"),
        ("decodeBase64('aGk=')", "hi"),
        ("base64ToBinary('aGk=')", {"$content-type": "application/octet-stream", "$content": "aGk="}),
        ("binary(1.0)", {"$content-type": "application/octet-stream", "$content": "MQ=="}),
        ("binary(binary('a'))", {"$content-type": "application/octet-stream", "$content": "YQ=="}),
        ("binary('hi').$content", "aGk="),
        ("dataUri('é')", "data:text/plain;charset=utf-8;base64,w6k="),
        ("dataUri(1.5)", "data:application/json;charset=utf-8;base64,MS41"),
        ("dataUri(binary('a'))", "data:application/octet-stream;base64,YQ=="),
        ("dataUriToString('data:,a%20b+c')", "a b c"),
        ("dataUriToString('DATA:text/plain;charset=UTF-8;BASE64,aGk=')", "hi"),
        ("dataUriToBinary('data:;base64,aGk=')", {"$content-type": "text/plain", "$content": "aGk="}),
        ("dataUriToBinary('data:image/png;x=y,a%20b')", {"$content-type": "image/png;x=y", "$content": "YSBi"}),
        ("decodeDataUri('data:application/json;base64,e30=')", {}),
        ("decodeDataUri('data:text/html;base64,6Q==')", "?"),
        (
            "decodeDataUri('data:image/png;base64,aGk=')",
            {"$content-type": "image/png;charset=us-ascii", "$content": "aGk="},
        ),
        ("string(xml('<a  x = \"1\"><b></b> <c/></a>'))", '<a x="1"><b></b><c /></a>'),
        (
            "string(xml('<a>&lt;&#65;<![CDATA[x<y]]><!-- c --><?p d?></a>'))",
            "<a>&lt;A<![CDATA[x<y]]><!-- c --><?p d?></a>",
        ),
        ("xml('<a>1</a>')", {"$content-type": "application/xml;charset=utf-8", "$content": "PGE+MTwvYT4="}),
        (
            "string(xml('<?xml version=''1.0'' encoding=''utf-8''?> <a/>'))",
            '<?xml version="1.0" encoding="utf-8"?><a />',
        ),
        ("xml('<a/>')?.a", None),
        (
            'string(xml(json(\'{"a":{"@x":1,"b":[1,null,""],"c d":true,"#text":"t"}}\')))',
            '<a x="1"><b>1</b><b /><b></b><c_x0020_d>true</c_x0020_d>t</a>',
        ),
        (
            'string(xml(json(\'{"?xml":{"@version":"1.0"},"p:a":{"@xmlns:p":"u","p:b":1.0}}\')))',
            '<?xml version="1.0"?><p:a xmlns:p="u"><p:b>1</p:b></p:a>',
        ),
        ("string(xml(json('{\"p:a\":1}')))", "<a>1</a>"),
        ("json(xml('<a x=\"1\">t<b/><b></b><!-- c --></a>'))", {"a": {"@x": "1", "#text": "t", "b": [None, ""]}}),
        (
            "json(xml('<?xml version=\"1.0\"?><a><![CDATA[x]]></a>'))",
            {"?xml": {"@version": "1.0"}, "a": {"#cdata-section": "x"}},
        ),
        (
            "json(xml('<a xml:space=\"preserve\"> <b/></a>'))",
            {"a": {"@xml:space": "preserve", "#significant-whitespace": " ", "b": None}},
        ),
        (
            'json(xml(\'<a xmlns:json="http://james.newtonking.com/projects/json"><b json:Array="true">1</b></a>\'))',
            {"a": {"b": ["1"]}},
        ),
        ("xpath(xml('<p><c i=\"1\">10</c><c>20</c></p>'),'/p/c[@i]/text()')", ["10"]),
        ("xpath(xml('<p><c i=\"1\">10</c></p>'),'//@i')", ['i="1"']),
        ("xpath(xml('<p><c>10</c><c>20</c></p>'),'sum(//c) div count(//c)')", 15.0),
        ("xpath(xml('<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><b>é</b>'),'string(/b)')", "Ã©"),
        ("xpath(xml('<?xml version=\"1.0\"?><b>é</b>'),'string(/b)')", "é"),
        ('xpath(json(\'{"$content-type":"application/xml","$content":"77u/PGEvPg=="}\'),\'name(/*)\')', "a"),
        (
            'string(xml(\'<?xml version="1.0" encoding="utf-16"?><b>1</b>\'))',
            '<?xml version="1.0" encoding="utf-16"?><b>1</b>',
        ),
        (
            'string(xml(json(\'{"?xml":{"@encoding":"utf-8","@version":"1.0"},"a":1}\')))',
            '<?xml version="1.0" encoding="utf-8"?><a>1</a>',
        ),
        ('string(xml(json(\'{"?b":"x","a":1}\')))', "<?b x?><a>1</a>"),
        ("xpath(xml('<a>&#10;</a>'),'string(/a)')", "\n"),
        ("xpath(xml('<a>&#32;<b/></a>'),'string(/a)')", " "),
        ("xpath(xml('<a> <b/> </a>'),'string(/a)')", ""),
        ("xpath(xml('<b/>'),'//a/namespace::*')", []),
        ("xpath(xml('<b xmlns:q=\"r\"/>'),'count(//b/namespace::*)')", 2.0),
        ("xpath(xml('<b xmlns:q=\"r\"/>'),'string(//b/namespace::q)')", "r"),
        ("xpath(xml('<r><a>1</a><a>2</a><b>2</b></r>'),'//a < //b')", True),
        ("xpath(xml('<r><a>1</a><a>2</a><b>2</b></r>'),'//b < //a')", False),
        ("xpath(xml('<r><a>1</a><a>2</a><b>2</b></r>'),'//b >= //a')", True),
        ("xpath(xml('<r><a>1</a><a>2</a><b>2</b></r>'),'//a = //b')", True),
        ("xpath(xml('<r><a>1</a><a>2</a><b>2</b></r>'),'//a != //b')", True),
        ("xpath(xml('<r><a>2</a><b>2</b></r>'),'//a != //b')", False),
        ("xpath(xml('<r><a>2</a><b>2</b></r>'),'//a != //c')", False),
        ("xpath(xml('<r><a>x</a><b>2</b></r>'),'//a < //b')", False),
        ("xpath(xml('<r><a/><a/></r>'),'count(//a[2])')", 1.0),
        ("xpath(xml('<r><a/><a/></r>'),'count(//a[1.5])')", 0.0),
        ("xpath(xml('<r><a/><a/></r>'),'count(//a[0])')", 0.0),
        ("xpath(xml('<r><a>1</a><a>2</a></r>'),'string(//a[2]/preceding-sibling::a[1])')", "1"),
        ("xpath(xml('<r><a>1</a>t<a>2<b/></a>u</r>'),'string(//b/preceding::text()[1])')", "2"),
        ("xpath(xml('<r><a>1</a>t<a>2<b/></a>u</r>'),'string(//b/following::node())')", "u"),
        ("xpath(xml('<r><a i=\"1\"><b/></a><c/></r>'),'count(//@i/following::*)')", 2.0),
        ("xpath(xml('<r><a>12345</a></r>'),'substring(//a, 2, 3)')", "234"),
        ("xpath(xml('<r><a>12345</a></r>'),'substring(//a, 1.5, 2.6)')", "234"),
        ("xpath(xml('<r><a>12345</a></r>'),'substring(//a, -42, 1 div 0)')", "12345"),
        ("xpath(xml('<r><a>12345</a></r>'),'substring(//a, 0 div 0, 3)')", ""),
        ("xpath(xml('<r/>'),'1 + 2 * 3 - 4 div 2')", 5.0),
        ("xpath(xml('<r/>'),'2 - 1 - 1 = 0 and 1 or 0')", True),
        ("xpath(xml('<b/>'),'true() < 3')", True),
        ("xpath(xml('<b/>'),'1 < 2 < 3')", True),
        ("xpath(xml('<b/>'),'3 > 2 > 1')", False),
        ("xpath(xml('<b/>'),'true() = 3')", True),
        ("xpath(xml('<b/>'),'//x < true()')", True),
        ("xpath(xml('<p/>'),'/p/c')", []),
        ("string(first(xpath(xml('<p><c><d/></c></p>'),'/p/c')))", "<c>\n  <d />\n</c>"),
        ("string(first(xpath(xml('<p>t<c><d/></c></p>'),'/p')))", "<p>t<c><d /></c></p>"),
        (
            'string(first(xpath(xml(\'<p xmlns="u" xmlns:q="v"><c q:x="1"/></p>\'),\'/*/*\')))',
            '<c q:x="1" xmlns="u" xmlns:q="v" />',
        ),
        ("decodeDataUri('data:text/plain,\u00e9%C3%A9%u20AC')", "\u00e9??\u20ac"),
        ("decodeDataUri('data:text/plain;charset=utf-8;;base64,w6k=')", "\u00e9"),
        ("decodeDataUri('data:text/plain;x=y;charset=utf-8;base64,w6k=')", "??"),
        ("decodeDataUri('data:application/vnd.x+json,1')", 1),
        ("decodeDataUri('data:base64,aGk=')", {"$content-type": "base64;charset=us-ascii", "$content": "aGk="}),
        (
            "decodeDataUri('data:image/png,\u00e9%FF')",
            {"$content-type": "image/png;charset=us-ascii", "$content": "P/8="},
        ),
        ("dataUriToString('data:base64,aGk=')", "hi"),
        ("xml(dataUriToBinary('data:;base64,a'))", {"$content-type": "application/xml;charset=utf-8", "$content": "a"}),
    ],
)
def test_values(text: str, value: Any) -> None:
    result = evaluate("@" + text, CONTEXT)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "xpath(xml('<?xml version=\"1.0\" encoding=\"utf-16\"?><b>1</b>'),'string(/b)')",
        "xml('\ufeff<a/>')",
        "xml(' \ufeff<a/>')",
        "xml(json('{\"@id\":1}'))",
        'xml(json(\'{"@id":1,"a":2}\'))',
        'xml(json(\'{"a":1,"?b":"x"}\'))',
        'xml(json(\'{"?xml":{"@encoding":"utf-8"},"a":1}\'))',
        'xml(json(\'{"?xml":{"":"1.5"},"a":1}\'))',
        'xml(json(\'{"?xml":{"@version":"1.0","@standalone":"maybe"},"a":1}\'))',
        'xml(json(\'{"?xml":{"@version":"1.0","@other":"1"},"a":1}\'))',
        'xml(json(\'{"?xml":"1.0","a":1}\'))',
        "xpath(xml('<!DOCTYPE a><a/>'),'//a')",
        "base64(1)",
        "base64(null)",
        "base64ToString('aGk')",
        "base64ToString('_-8=')",
        "base64ToString('YQ===')",
        "base64ToString(null)",
        "base64ToBinary('x')",
        "binary(null)",
        "dataUri(null)",
        "dataUriToString('x')",
        "dataUriToString('data:text/plain;charset=utf-16,x')",
        "dataUriToBinary('data:text;base64,aGk=')",
        "dataUriToBinary('data:text/plain;charset=\"utf-8\",x')",
        "decodeDataUri('x')",
        "xml('')",
        "xml('abc')",
        "xml('<a>')",
        "xml('<a/><b/>')",
        "xml('<a></b>')",
        "xml('<p:a/>')",
        "xml('<a>&x;</a>')",
        "xml('<?xml version=\"1.1\"?><a/>')",
        "xml(null)",
        "xml(1)",
        "xml(createArray(1))",
        "xml('{\"a\":1}')",
        'xml(json(\'{"a":1,"b":2}\'))',
        "xml(json('{\"a\":[1,2]}'))",
        "xml(json('{\"\":1}'))",
        'xml(json(\'{"a":{"@x":[1]}}\'))',
        "xml('<a/>').a",
        "json(xml('<a/>')).b",
        "xpath('<p/>','/p')",
        "xpath(xml('<p/>'),null)",
        "xpath(xml('<p/>'),'//[')",
        "xpath(xml('<p/>'),'a:b')",
        "xpath(xml('<p/>'),'foo()')",
        "xpath(xml('<p/>'),'$x')",
        "xpath(xml('<p><!-- c --></p>'),'//comment()')",
        "xpath(xml('<p a=\"1\"/>'),'//namespace::*')",
        "decodeDataUri('data:image/png;charset=none;base64,aGk=')",
        "decodeDataUri('data:text/plain;charset=\"utf-8\";base64,aGk=')",
        "decodeDataUri('data:;charset=utf-8,a')",
        "dataUriToBinary('data:a/b\n,x')",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        evaluate("@" + text, CONTEXT)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7 mod 2", "1"),
        ("-7 mod 2", "-1"),
        ("7 mod -2", "1"),
        ("7 mod 0", "NaN"),
        ("7 mod (1 div 0)", "7"),
        ("(1 div 0) mod 7", "NaN"),
        ("(-1 div 0) mod (1 div 0)", "NaN"),
        ("(0 div 0) mod 7", "NaN"),
        ("7 div 0", "Infinity"),
        ("-7 div 0", "-Infinity"),
        ("7 div -0", "-Infinity"),
        ("-7 div -0", "Infinity"),
        ("0 div 0", "NaN"),
        ("(0 div 0) div 0", "NaN"),
        ("round(1 div 0)", "Infinity"),
        ("round(0 div 0)", "NaN"),
        ("floor(-1 div 0)", "-Infinity"),
        ("floor(0 div 0)", "NaN"),
        ("ceiling(1 div 0)", "Infinity"),
    ],
)
def test_arithmetic_in_xpath_has_infinities_and_what_is_no_number(text: str, value: str) -> None:
    assert evaluate(f"@xpath(xml('<a/>'),'string({text})')") == value
