using System.Numerics;

namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Python's + - * / // % ** of values.</summary>
internal static class Arithmetic
{
    // 2 to the power of as much has a thousand digits.
    private const int MaxBits = 4096;

    public static object Add(object? left, object? right, Budget budget)
    {
        if (Texts.TryGet(left, out string a) && Texts.TryGet(right, out string b))
        {
            budget.Text((long)a.Length + b.Length);
            return left is SafeText || right is SafeText ? new SafeText(Html.Escape(left) + Html.Escape(right)) : a + b;
        }
        if (left is SequenceValue first and not RangeValue && right is SequenceValue second && first.GetType() == second.GetType())
        {
            budget.Items((long)first.Items.Count + second.Items.Count);
            return first.With([.. first.Items, .. second.Items]);
        }
        return Compute("+", left, right, BigInteger.Add, (x, y) => x + y);
    }

    public static object Subtract(object? left, object? right) => Compute("-", left, right, BigInteger.Subtract, (x, y) => x - y);

    public static object Multiply(object? left, object? right, Budget budget)
    {
        (object? repeated, object? count) = left is string or SafeText or SequenceValue ? (left, right) : (right, left);
        if (repeated is string or SafeText or SequenceValue and not RangeValue && Numbers.TryWhole(count, out BigInteger wanted))
        {
            return Repeat(repeated, (int)BigInteger.Clamp(wanted, 0, int.MaxValue), budget);
        }
        return Compute("*", left, right, BigInteger.Multiply, (x, y) => x * y);
    }

    public static object Divide(object? left, object? right)
    {
        (double x, double y) = Reals("/", left, right);
        return x / NotZero(y);
    }

    public static object FloorDivide(object? left, object? right) => Compute("//", left, right, Floor, (x, y) => Math.Floor(x / NotZero(y)));

    public static object Modulo(object? left, object? right) => Compute("%", left, right, (x, y) => x - (Floor(x, y) * y), (x, y) => x - (Math.Floor(x / NotZero(y)) * y));

    public static object Power(object? left, object? right)
    {
        if (Numbers.TryWhole(left, out BigInteger value) && Numbers.TryWhole(right, out BigInteger exponent) && exponent.Sign >= 0)
        {
            return exponent * (value.GetBitLength() + 1) <= MaxBits || value.IsOne || value.IsZero
                ? BigInteger.Pow(value, (int)BigInteger.Min(exponent, MaxBits))
                : throw TooLarge();
        }
        (double x, double y) = Reals("**", left, right);
        return x < 0 && Math.Floor(y) != y ? throw new TemplateError("a negative number has no such power") : Math.Pow(x, y);
    }

    public static object Negate(object? value) => Numbers.TryWhole(value, out BigInteger whole) ? -whole : -Reals("-", value, value).Left;

    public static object Plus(object? value) => Numbers.TryWhole(value, out BigInteger whole) ? whole : Reals("+", value, value).Left;

    private static object Repeat(object? repeated, int count, Budget budget)
    {
        if (repeated is SequenceValue sequence)
        {
            budget.Items((long)sequence.Items.Count * count);
            return sequence.With([.. Enumerable.Repeat(sequence.Items, count).SelectMany(items => items)]);
        }
        string text = PythonText.Str(repeated);
        budget.Text((long)text.Length * count);
        string result = string.Concat(Enumerable.Repeat(text, text.Length == 0 ? 0 : count));
        return repeated is SafeText ? new SafeText(result) : result;
    }

    private static object Compute(
        string sign, object? left, object? right, Func<BigInteger, BigInteger, BigInteger> whole, Func<double, double, double> real)
    {
        if (Numbers.TryWhole(left, out BigInteger a) && Numbers.TryWhole(right, out BigInteger b))
        {
            BigInteger result = whole(a, b);
            return result.GetBitLength() <= MaxBits ? result : throw TooLarge();
        }
        (double x, double y) = Reals(sign, left, right);
        return real(x, y);
    }

    private static (double Left, double Right) Reals(string sign, object? left, object? right) =>
        Numbers.TryReal(left, out double x) && Numbers.TryReal(right, out double y)
            ? (x, y)
            : throw (left as Undefined ?? right as Undefined)?.Error()
                ?? new TemplateError($"'{sign}' cannot be used with a {TypeName.Of(left)} and a {TypeName.Of(right)}");

    private static BigInteger Floor(BigInteger left, BigInteger right)
    {
        BigInteger quotient = BigInteger.DivRem(left, right.IsZero ? throw DivisionByZero() : right, out BigInteger rest);
        return !rest.IsZero && rest.Sign != right.Sign ? quotient - 1 : quotient;
    }

    private static double NotZero(double number) => number == 0 ? throw DivisionByZero() : number;

    private static TemplateError DivisionByZero() => new("division by zero");

    private static TemplateError TooLarge() => new($"a whole number of more than {MaxBits} bits was to be computed");
}
