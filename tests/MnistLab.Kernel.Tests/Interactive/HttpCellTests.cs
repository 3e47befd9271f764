using MnistLab.Kernel.Interactive;

namespace MnistLab.Kernel.Tests;

public sealed class HttpCellTests
{
    [Fact]
    public void Parse_SeveralRequests_ReadsEachWithItsHeadersAndBody()
    {
        var requests = Parse("""
            # The service of notebook 3.
            @host = http://127.0.0.1:{{port}}
            // A method that is left out is GET.
            {{host}}/health HTTP/1.1

            ###
            POST {{host}}/predict
            Content-Type: application/json
            # Not a header.
            X-Token: {{ token }}

            { "digit": {{digit}} }

            # A line of the body.
            """);

        Assert.Equal(
            ["GET http://127.0.0.1:8080/health", "POST http://127.0.0.1:8080/predict"],
            requests.Select(request => $"{request.Method} {request.Address}"));
        Assert.Equal("", requests[0].Body);
        Assert.Equal([new("Content-Type", "application/json"), new("X-Token", "value of token")], requests[1].Headers);
        Assert.Equal("{ \"digit\": value of digit }\n\n# A line of the body.", requests[1].Body);
    }

    [Theory]
    [InlineData("", "The cell has no request.")]
    [InlineData("@host = 1", "The cell has no request.")]
    [InlineData("\nget it", "line 2: 'get it' is not an absolute http or https address.")]
    [InlineData("GET /health", "line 1: '/health' is not an absolute http or https address.")]
    [InlineData("GET ftp://127.0.0.1/", "line 1: 'ftp://127.0.0.1/' is not an absolute http or https address.")]
    [InlineData("FETCH http://127.0.0.1/", "line 1: 'FETCH' is not a valid HTTP method.")]
    [InlineData("GET http://127.0.0.1/\nnot a header", "line 2: 'not a header' is not a valid header.")]
    [InlineData("GET http://127.0.0.1/\nA: {{missing}}", "line 2: There is no variable 'missing'")]
    public void Parse_WhatIsNotValid_NamesTheLineAndWhatToDo(string cell, string message) =>
        Assert.StartsWith(
            message, Assert.Throws<HttpCellException>(() => Parse(cell)).Message, StringComparison.Ordinal);

    private static IReadOnlyList<HttpCellRequest> Parse(string cell) => HttpCell.Parse(cell, name => name switch
    {
        "missing" => null,
        "port" => "8080",
        _ => $"value of {name}",
    });
}
