namespace MnistLab.Notebooks.Tests;

public sealed class CheckYoursTests
{
    [Fact]
    public void Yours_SameResultInAnotherCollection_Passes()
    {
        Assert.Equal("✓ same", Yours(new List<int> { 1, 2 }, new[] { 1, 2 }));
        Assert.Equal("✓ same", Yours((1, "a"), (1L, "a")));
        Assert.Equal("✓ same", Yours(new[,] { { 1.0, 2.0 } }, new[,] { { 1, 2 } }));
    }

    [Fact]
    public void Yours_WithoutCode_SaysWhatIsMissingAndDoesNotThrow()
    {
        var returnsNull = Check.Yours<int[]>(() => null, [1], "same", "write it", "differs:");
        var throws = Check.Yours<int>(() => throw new NotImplementedException(), 1, "same", "write it", "differs:");

        Assert.Equal(["○ write it", "○ write it"], [$"{returnsNull}", $"{throws}"]);
        Assert.True(returnsNull.IsMissing && throws.IsMissing);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1, 5, 4 }, "[1]: 2 ≠ 5")]
    [InlineData(new[] { 1, 2 }, new[] { 1, 2, 3 }, ".Length: 2 ≠ 3")]
    [InlineData("7", "8", "\"7\" ≠ \"8\"")]
    [InlineData(0.5, 0.6, "0.5 ≠ 0.6")]
    public void Yours_AnotherResult_NamesTheFirstDifference(object yours, object library, string difference)
    {
        var error = Assert.Throws<CheckFailedException>(() => Yours(yours, library));

        Assert.Equal($"differs: {difference}", error.Message);
    }

    [Fact]
    public void Yours_TablesAndNestedCollections_NameRowAndColumn()
    {
        Assert.Equal("differs: [1, 0]: 3 ≠ 4", Message(new[,] { { 1, 2 }, { 3, 4 } }, new[,] { { 1, 2 }, { 4, 4 } }));
        Assert.Equal("differs: .Length: 2 × 1 ≠ 1 × 2", Message(new[,] { { 1 }, { 2 } }, new[,] { { 1, 2 } }));
        Assert.Equal("differs: [0][1]: \"b\" ≠ \"c\"", Message(new[] { ("a", "b") }, new[] { ("a", "c") }));

        static string Message(object yours, object library) => Assert.Throws<CheckFailedException>(() => Yours(yours, library)).Message;
    }

    [Theory]
    [InlineData(1.0, 1.0005, 1e-3, true)]
    [InlineData(1.0, 1.002, 1e-3, false)]
    [InlineData(1.0, double.NaN, 1e-3, false)]
    [InlineData(double.NaN, double.NaN, 1e-3, true)]
    public void Yours_Numbers_AreComparedWithATolerance(double yours, double library, double tolerance, bool isSame)
    {
        Check Run() => Check.Yours(() => yours, library, "same", "write it", "differs:", tolerance);

        if (isSame) Assert.Equal("✓ same", $"{Run()}");
        else Assert.Throws<CheckFailedException>(Run);
    }

    [Fact]
    public async Task Yours_CodeThatThrows_FailsWithTheException()
    {
        Check Synchronous() => Check.Yours<int>(() => throw new InvalidOperationException("empty"), 1, "same", "write it", "differs:");
        Task<Check> Asynchronous() => Check.YoursAsync<int>(
            () => Task.FromException<int>(new InvalidOperationException("empty")), 1, "same", "write it", "differs:");

        var error = Assert.Throws<CheckFailedException>(Synchronous);
        var fromTask = await Assert.ThrowsAsync<CheckFailedException>(Asynchronous);

        Assert.Equal("differs: InvalidOperationException: empty", error.Message);
        Assert.Equal(error.Message, fromTask.Message);
        Assert.IsType<InvalidOperationException>(fromTask.InnerException);
    }

    [Fact]
    public async Task YoursAsync_WithAndWithoutCode_PassesAndSaysWhatIsMissing()
    {
        var same = await Check.YoursAsync(async () => { await Task.Yield(); return new[] { "7" }; }, ["7"], "same", "write it", "differs:");
        var missing = await Check.YoursAsync<string[]>(() => throw new NotImplementedException(), ["7"], "same", "write it", "differs:");
        var nothing = await Check.YoursAsync<string[]>(() => Task.FromResult<string[]?>(null), ["7"], "same", "write it", "differs:");

        Assert.Equal(["✓ same", "○ write it", "○ write it"], [$"{same}", $"{missing}", $"{nothing}"]);
    }

    private static string Yours(object yours, object library) =>
        Check.Yours(() => yours, library, "same", "write it", "differs:").ToString();
}
