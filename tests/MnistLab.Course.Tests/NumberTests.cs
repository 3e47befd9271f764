namespace MnistLab.Course.Tests;

/// <summary>Tests that each number in the texts is either checked against a run or a fact with its source.</summary>
public sealed class NumberTests
{
    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Numbers_OfTheProse_AreAllVouchedFor(string name)
    {
        var notebook = Notebooks.Named(name);
        var vouched = notebook.Claims.SelectMany(claim => claim.Numbers).ToHashSet();

        foreach (var cell in notebook.Texts)
        {
            foreach (var number in ProseNumber.In(Prose.Stating(Prose.Of(cell.Source))).Where(number => !number.IsWord))
                Assert.True(
                    vouched.Contains(number.Value),
                    $"Cell {cell.Id}: the number {number.Text} is neither checked nor a named fact: add <!-- check: … --> or <!-- fact: … --> after it.");
        }
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Claims_WithAnExpectedNumber_StandBehindThatNumber(string name)
    {
        foreach (var claim in Notebooks.Named(name).Claims.Where(claim => claim.Expected is not null))
        {
            var written = ProseNumber.In(Prose.Of(claim.Before)).LastOrDefault();
            Assert.True(
                written is not null && claim.Numbers.Contains(written.Value),
                $"Cell {claim.Cell}: '{claim.Expression} ≈ {claim.Expected}' stands behind '{written?.Text}'.");
        }
    }

    [Theory, MemberData(nameof(Notebooks.Names), MemberType = typeof(Notebooks))]
    public void Comments_InTexts_AreClaimsOfAKnownKind(string name) =>
        Assert.All(Notebooks.Named(name).Texts, cell => Assert.Equal(cell.Source.Split("<!--").Length - 1, Claim.In(cell).Count()));
}
