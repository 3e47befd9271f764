using System.Text.Json.Nodes;
using MnistLab.Kernel.Documents;

namespace MnistLab.Kernel.Tests;

public sealed class MimeBundleTests
{
    [Fact]
    public void With_KeepsTheOrderAndTheBundleItStartedFrom()
    {
        var one = MimeBundle.From("text/html", "<b>1</b>");
        var two = one.With("text/plain", "1");

        Assert.Equal(["text/html"], one.MimeTypes);
        Assert.Equal(["text/html", "text/plain"], two.With("text/html", "<i>1</i>").MimeTypes);
        Assert.NotEqual(one, two);
    }

    [Fact]
    public void With_JsonChangedAfterwards_IsNotChanged()
    {
        var json = new JsonObject { ["a"] = 1 };
        var bundle = MimeBundle.Empty.With("application/vnd.chart+json", json);
        json["a"] = 2;

        Assert.Equal(1, (int?)bundle["application/vnd.chart+json"]!["a"]);
    }

    [Fact]
    public void With_JsonForTextMimeType_IsRefused() =>
        Assert.Throws<ArgumentException>(() => MimeBundle.Empty.With("text/plain", new JsonObject()));

    [Fact]
    public void TryGetText_OfAnotherMimeTypeOrJson_IsFalse()
    {
        var bundle = MimeBundle.Empty.With("application/json", new JsonArray());

        Assert.False(bundle.TryGetText("application/json", out _));
        Assert.False(bundle.TryGetText("text/plain", out _));
    }
}
