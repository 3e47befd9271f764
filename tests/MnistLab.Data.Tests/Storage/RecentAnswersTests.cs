using System.Globalization;

namespace MnistLab.Data.Tests;

public sealed class RecentAnswersTests
{
    [Fact]
    public void Add_ANumberTwice_KnowsItUntilSoManyOthersHaveCome()
    {
        var answers = new RecentAnswers();
        Assert.True(answers.Add("first"));
        for (var i = 1; i < RecentAnswers.Most; i++) Assert.True(answers.Add(i.ToString(CultureInfo.InvariantCulture)));

        Assert.False(answers.Add("first"));
        Assert.True(answers.Add("one more"));
        Assert.True(answers.Add("first"));
        Assert.False(answers.Add("one more"));
    }
}
