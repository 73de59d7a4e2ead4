using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using MLNet.Transformers.Tokenization.ChatTemplates.Values;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Library;

/// <summary>Python's int(), float() and round().</summary>
internal static partial class PythonNumbers
{
    // Longer ones are refused by Python too.
    private const int MaxDigits = 4300;

    /// <summary>A whole number; null where a value or a text is none.</summary>
    public static BigInteger? ToInt(object? value)
    {
        if (Texts.TryGet(value, out string text))
        {
            string trimmed = TextCutting.Strip(text, null, Ends.Both);
            return trimmed.Length <= MaxDigits && WholeNumber().IsMatch(trimmed) ? BigInteger.Parse(trimmed.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) : null;
        }
        return Numbers.TryWhole(value, out BigInteger whole) ? whole : value is double real && double.IsFinite(real) ? new BigInteger(real) : null;
    }

    /// <summary>A number with a fraction; null where a value or a text is none.</summary>
    public static double? ToFloat(object? value)
    {
        if (value is Undefined undefined)
        {
            throw undefined.Error();
        }
        if (!Texts.TryGet(value, out string text))
        {
            return Numbers.TryReal(value, out double real) ? real : null;
        }
        string trimmed = TextCutting.Strip(text, null, Ends.Both);
        if (RealNumber().IsMatch(trimmed))
        {
            return double.Parse(trimmed.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        return trimmed.TrimStart('+').ToUpperInvariant() switch
        {
            "INF" or "INFINITY" => double.PositiveInfinity,
            "-INF" or "-INFINITY" => double.NegativeInfinity,
            "NAN" or "-NAN" => double.NaN,
            _ => null,
        };
    }

    /// <summary>Rounds half to even, by the number's exact value.</summary>
    public static object Round(double number, int places)
    {
        if (!double.IsFinite(number) || number == 0)
        {
            return number;
        }
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        int power = Math.Max(exponent, 1) - 1075;
        (BigInteger numerator, BigInteger denominator) = (mantissa, BigInteger.One);
        _ = power >= 0 ? numerator <<= power : denominator <<= -power;
        _ = places >= 0 ? numerator *= BigInteger.Pow(10, places) : denominator *= BigInteger.Pow(10, -places);
        string digits = HalfEven(numerator, denominator).ToString(CultureInfo.InvariantCulture);
        double rounded = double.Parse($"{digits}E{-places}", CultureInfo.InvariantCulture);
        return number < 0 ? -rounded : rounded;
    }

    /// <summary>Rounds a whole number; places behind the point leave it as it is.</summary>
    public static object Round(BigInteger number, int places)
    {
        if (places >= 0)
        {
            return number;
        }
        BigInteger unit = BigInteger.Pow(10, -places);
        return HalfEven(BigInteger.Abs(number), unit) * unit * number.Sign;
    }

    private static BigInteger HalfEven(BigInteger numerator, BigInteger denominator)
    {
        BigInteger quotient = BigInteger.DivRem(numerator, denominator, out BigInteger rest);
        int half = (rest * 2).CompareTo(denominator);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }

    [GeneratedRegex(@"^[+-]?[0-9]+(_[0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[+-]?([0-9]+(_[0-9]+)*\.?([0-9]+(_[0-9]+)*)?|\.[0-9]+(_[0-9]+)*)([eE][+-]?[0-9]+(_[0-9]+)*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex RealNumber();
}
