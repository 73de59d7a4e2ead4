using System.Globalization;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's repr() of a float: the fewest digits that give the number again, which .NET finds too but lays out in another way.</summary>
internal static class PythonFloat
{
    public static string Repr(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        string sign = double.IsNegative(number) ? "-" : "";
        (string digits, int exponent) = Shortest(Math.Abs(number));
        if (exponent is < -4 or >= 16)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        return exponent < 0
            ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : digits.Length <= exponent + 1
                ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
                : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    // The digits d, d, d... and the exponent of d.dd * 10^exponent.
    private static (string Digits, int Exponent) Shortest(double number)
    {
        if (number == 0)
        {
            return ("0", 0);
        }
        string[] parts = number.ToString("R", CultureInfo.InvariantCulture).Split('E');
        string mantissa = parts[0];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal) is >= 0 and var found ? found : mantissa.Length;
        int first = mantissa.AsSpan().IndexOfAnyInRange('1', '9');
        int exponent = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal).Trim('0');
        return (digits, exponent + (first < point ? point - first - 1 : point - first));
    }
}
