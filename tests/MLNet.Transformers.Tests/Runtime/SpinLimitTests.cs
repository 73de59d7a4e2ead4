using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class SpinLimitTests
{
    [Theory]
    [InlineData("GOMP_SPINCOUNT")]
    [InlineData("OMP_WAIT_POLICY")]
    public void Is_left_to_the_user_who_sets_it(string variable) =>
        Assert.Null(SpinLimit.Set(leaveAlone: false, name => name == variable ? "infinite" : null));

    [Fact]
    public void Is_left_alone_where_the_user_wants_it() => Assert.Null(SpinLimit.Set(leaveAlone: true, _ => null));

    [Fact]
    public void Says_what_was_set_and_how_to_prevent_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "libgomp is Linux's.");

        string? message = SpinLimit.Set(leaveAlone: false, _ => null);

        Assert.Contains("GOMP_SPINCOUNT=20000", message, StringComparison.Ordinal);
        Assert.Contains("MLNET_TRANSFORMERS_KEEP_THREADS=1", message, StringComparison.Ordinal);
        Assert.Contains("'MLNet.Transformers.KeepThreads'", message, StringComparison.Ordinal);
    }
}
