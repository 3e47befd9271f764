using Microsoft.DotNet.Interactive.Formatting;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;

namespace MnistLab.Notebooks.Tests;

/// <summary>Tests the playground without a browser.</summary>
public sealed class PlaygroundHtmlTests
{
    private static readonly TrainValidationSplit Sets =
        TrainValidationSplit.Split(MnistDataset.Load(Workspace.Find().SampleFolder).Train);

    [Fact]
    public void From_WhatCannotBeShown_IsRefused()
    {
        var small = new ImageDataset(new byte[18], [1, 2], 3, 3);

        Assert.Contains(
            "28 × 28",
            Assert.Throws<ArgumentException>(() => Playground.From(small, Sets.Validation)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "'fr'",
            Assert.Throws<ArgumentException>(() => Playground.From(Sets.Train, Sets.Validation, "fr")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_OfTheSample_IsSmallAndNamesNothingElsewhere()
    {
        Lab.Open();
        var html = Playground.From(Sets.Train, Sets.Validation).ToDisplayString(HtmlFormatter.MimeType);

        Assert.InRange(html.Length, 50_000, 200_000);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
    }
}
