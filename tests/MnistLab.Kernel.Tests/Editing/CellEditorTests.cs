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

    private static async Task<IEnumerable<string>> CompleteAsync(Session session, string code) =>
        (await session.CompleteAsync(code, code.Length)).Items.Select(item => item.Text);
}
