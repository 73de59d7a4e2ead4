using System.Numerics;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Values that count as numbers: True is 1.</summary>
internal static class Numbers
{
    public static bool TryWhole(object? value, out BigInteger number)
    {
        switch (value)
        {
            case BigInteger whole:
                number = whole;
                return true;
            case bool flag:
                number = flag ? BigInteger.One : BigInteger.Zero;
                return true;
            default:
                number = default;
                return false;
        }
    }

    public static bool TryReal(object? value, out double number)
    {
        if (TryWhole(value, out BigInteger whole))
        {
            number = (double)whole;
            return true;
        }
        number = value is double real ? real : 0;
        return value is double;
    }

    public static object Of(long number) => new BigInteger(number);
}
