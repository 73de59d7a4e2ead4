namespace MLNet.Transformers;

/// <summary>Checks of options at the door: an error names the property, its value and what is allowed.</summary>
internal static class Check
{
    public static void AtLeast(int? value, int minimum, string name)
    {
        if (value < minimum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");
        }
    }

    public static void Between(double value, double minimum, double maximum, string name)
    {
        if (!(value >= minimum && value <= maximum))
        {
            string allowed = minimum == double.Epsilon ? "above 0" : $"at least {minimum}";
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {allowed}{(maximum == double.MaxValue ? "" : $" and at most {maximum}")}.");
        }
    }

    public static void Defined<T>(T value, string name) where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    public static void Different(string value, string other, string name, string otherName)
    {
        if (value == other)
        {
            throw new ArgumentException($"{name} and {otherName} are both '{value}'; give two columns.", name);
        }
    }

    public static void ColumnName(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"{name} must be the name of a column; it is empty.", name);
        }
    }
}
