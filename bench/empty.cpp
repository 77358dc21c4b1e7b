// What the start of any process costs.
int main() {}
