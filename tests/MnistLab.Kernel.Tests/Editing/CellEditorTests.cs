using System.Diagnostics;
using MnistLab.Kernel.Editing;

namespace MnistLab.Kernel.Tests;

public sealed class CellEditorTests
{
    [Fact]
    public async Task Completion_AfterCellsHaveRun_KnowsWhatTheyDefined()
    {
        using var session = new Session();
        await session.RunAsync("using System.Globalization;\nvar price = 20; record Shop(string Name, int Floors);");
        await session.RunAsync("var shop = new Shop(\"corner\", 2);");

        Assert.Equal("price", (await CompleteAsync(session, "pri")).First());
        Assert.DoesNotContain("PrimaryInteropAssemblyAttribute", await CompleteAsync(session, "Prim"));
        Assert.Equal(["Floors"], await CompleteAsync(session, "shop.Flo"));
        Assert.Contains("CultureInfo", await CompleteAsync(session, "CultureI"));
        Assert.Contains("display", await CompleteAsync(session, "disp"));
    }

    [Fact]
    public async Task Completion_OfAspNetCore_KnowsItBeforeAndAfterACellUsesIt()
    {
        using var session = new Session();
        Assert.Contains("AspNetCore", await CompleteAsync(session, "using Microsoft.Asp"));

        await session.RunAsync("using Microsoft.AspNetCore.Builder;");

        Assert.Equal(["CreateBuilder"], await CompleteAsync(session, "WebApplication.CreateB"));
    }

    [Fact]
    public async Task Completion_InsideACell_KnowsItsLocalsAndReplacesTheWordOnly()
    {
        using var session = new Session();
        const string code = "#!time\nint Length(string text) { return text.Leng";
        var completions = await session.CompleteAsync(code, code.Length);

        Assert.Equal(["Length"], completions.Items.Select(item => item.Text));
        Assert.Equal((code.Length - "Leng".Length, code.Length), (completions.Start, completions.End));
        Assert.Equal("property", completions.Items[0].Kind);
    }

    [Fact]
    public async Task Description_OfWhatACellDefined_HasItsSignature()
    {
        using var session = new Session();
        await session.RunAsync("/// <summary>Doubles a number.</summary>\nint Twice(int number) => 2 * number;");

        var name = await session.DescribeAsync("Twice", 3);
        var call = await session.DescribeAsync("Twice(", 6);
        Assert.Contains("int Twice(int number)", name!.Text);
        Assert.Contains("int Twice(int number)", call!.Text);
        Assert.Null(await session.DescribeAsync("1 + 1", 2));
    }

    [Theory]
    [InlineData("new List<int>(", "List(int capacity)")]
    [InlineData("Math.Round(1.5, ", "Math.Round(double value, int digits)")]
    [InlineData("string.Join(\",\", new[] { 1 }.Select(", "Select<int, TResult>(Func<int, TResult> selector)")]
    public async Task Description_InAnArgumentList_HasTheOverloads(string code, string signature)
    {
        using var session = new Session();
        Assert.Contains(signature, (await session.DescribeAsync(code, code.Length))!.Text);
    }

    [Fact]
    public async Task Completion_AfterNamesWereDefinedAnew_KnowsEachVariableAsItIs()
    {
        using var session = new Session();
        await session.RunAsync(
            "class Shape { public int Corners; } var first = new Shape(); var list = new List<Shape>(); int Area(int side) => side; var x = 1; var y = x;");
        await session.RunAsync("class Shape { public int Edges; } var second = new Shape(); int Area(string name) => 1; var x = \"text\";");

        Assert.Equal(["Corners"], await CompleteAsync(session, "first.Cor"));
        Assert.Equal(["Corners"], await CompleteAsync(session, "list[0].Cor"));
        Assert.Equal(["Edges"], await CompleteAsync(session, "second.Ed"));
        Assert.Equal(["Length"], await CompleteAsync(session, "x.Leng"));
        Assert.Empty(await CompleteAsync(session, "y.Leng"));
        Assert.Empty(await CompleteAsync(session, SessionDeclarations.HiddenPrefix));
        var overloads = (await session.DescribeAsync("Area(", 5))!.Text;
        Assert.Contains("Area(int side)", overloads);
        Assert.Contains("Area(string name)", overloads);
    }

    [Fact]
    public async Task Completion_OfEveryKindOfDeclaration_KnowsIt()
    {
        using var session = new Session();
        await session.RunAsync("""
            using System.Globalization;
            using Text = System.Text.StringBuilder;
            using static System.Math;
            var (left, right) = (1, "two");
            int.TryParse("3", out var parsed);
            var shape = new { Corners = 3, Name = "triangle" };
            var shapes = new[] { shape }.ToList();
            const int Limit = 5;
            int Size { get; set; } = 4;
            enum Color { Red }
            record Point<T>(T Across);
            static string Shout(this string text) => text.ToUpperInvariant();
            var point = new Point<string>("a");
            """);

        Assert.Equal(["Length"], await CompleteAsync(session, "right.Leng"));
        Assert.Equal(["parsed"], await CompleteAsync(session, "parse"));
        Assert.Equal(["Corners"], await CompleteAsync(session, "shape.Cor"));
        Assert.Equal(["Corners"], await CompleteAsync(session, "shapes[0].Cor"));
        Assert.Contains("Limit", await CompleteAsync(session, "Lim"));
        Assert.Contains("Size", await CompleteAsync(session, "Siz"));
        Assert.Equal(["Red"], await CompleteAsync(session, "Color.R"));
        Assert.Equal(["Across"], await CompleteAsync(session, "point.Acr"));
        Assert.Equal(["Length"], await CompleteAsync(session, "point.Across.Leng"));
        Assert.Contains("Shout", await CompleteAsync(session, "\"a\".Sho"));
        Assert.Contains("AppendLine", await CompleteAsync(session, "new Text().AppendL"));
        Assert.Contains("Cosh", await CompleteAsync(session, "Cos"));
        Assert.Contains("CultureInfo", await CompleteAsync(session, "CultureI"));
    }

    [Fact]
    public async Task Completion_AfterManyCells_CostsAsMuchAsAfterFew()
    {
        const int Few = 5, Many = 150;
        await FirstAsync(1);
        var few = (await FirstAsync(Few), await FirstAsync(Few), await FirstAsync(Few));
        var many = await FirstAsync(Many);

        Assert.True(
            many < 6 * new[] { few.Item1, few.Item2, few.Item3 }.Max(),
            $"First completion after {Few} cells: {few}; after {Many}: {many}.");

        static async Task<TimeSpan> FirstAsync(int cells)
        {
            using var session = new Session();
            for (var i = 0; i < cells; i++) await session.RunAsync($"var value{i} = {i};");
            var started = Stopwatch.GetTimestamp();
            Assert.Contains("value0", await CompleteAsync(session, "value"));
            return Stopwatch.GetElapsedTime(started);
        }
    }

    private static async Task<IEnumerable<string>> CompleteAsync(Session session, string code) =>
        (await session.CompleteAsync(code, code.Length)).Items.Select(item => item.Text);
}
