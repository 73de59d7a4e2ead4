using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class ProcessSwitchTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("", null, false)]
    [InlineData("0", null, false)]
    [InlineData("false", false, false)]
    [InlineData("1", null, true)]
    [InlineData(" True ", null, true)]
    [InlineData(null, true, true)]
    [InlineData("0", true, true)]
    public void Is_on_where_the_variable_or_the_switch_says_so(string? variable, bool? appContext, bool on) =>
        Assert.Equal(on, ProcessSwitch.Says(variable, appContext));
}
